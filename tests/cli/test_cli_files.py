"""Files of others, to every command that takes one: refused in short lines with exit code 2."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulator.quoting import MOST_QUOTED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator_process import Ended, Program

DIGITS = "9" * 5000
RECORDED = ("--prometheus", "http://127.0.0.1:9", "--start", "now-1h")
DASHBOARD = {"title": "t", "panels": []}
#: Each reader: a command, of which FILE is the file, and how the file is called.
READERS = {
    "scenario check": (("scenario", "check", "FILE"), "f.yaml"),
    "scenario show": (("scenario", "show", "--json", "FILE"), "f.yaml"),
    "run": (("run", "--scenario", "FILE", "--pushgateway", "none", "--port", "0"), "f.yaml"),
    "run --history": (("run", "--history", "FOLDER", "--pushgateway", "none"), "handover.json"),
    "backfill": (("backfill", "FILE", "--output", "OUT"), "f.yaml"),
    "cover": (("cover", "FILE"), "f.yaml"),
    "cover --dashboards": (("cover", "calm", "--dashboards", "FILE"), "f.json"),
    "cover --truth": (("cover", *RECORDED, "--truth", "FILE"), "f.json"),
    "tune": (("tune", "FILE"), "f.yaml"),
    "tune --dashboards": (("tune", "calm", "--dashboards", "FILE"), "f.json"),
    "tune --rules": (("tune", "calm", "--rules", "FILE"), "f.yml"),
    "tune --truth json": (("tune", *RECORDED, "--truth", "FILE"), "f.json"),
    "tune --truth csv": (("tune", *RECORDED, "--truth", "FILE"), "f.csv"),
    "plan --dashboards": (("scenario", "plan", "--dashboards", "FILE"), "f.json"),
    "plan --base": (("scenario", "plan", "--base", "FILE"), "f.yaml"),
    "demo": (("demo", "--scenario", "FILE"), "f.yaml"),
}  # fmt: skip
CONTENTS = {
    "empty": b"",
    "integer": b'{"a": ' + DIGITS.encode() + b"}",
    "name": b'{"name": "' + b"x" * 5000 + b'"}',
    "tag": b"a: !!timestamp abc",
    "nul": b"\0" * 100,
    "latin-1": b"caf\xe9",
    "utf-16": '{"title": "é"}'.encode("utf-16"),
    "deep": b"[" * 1000,
    "line": b"x" * 5000,
    "escape": b'{"\x1b[31m": "\\ud800"}',
}


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("reader", READERS)
def test_a_hostile_file_is_refused_in_short_lines(
    simulator: Program, tmp_path: Path, reader: str, content: str
) -> None:
    words, name = READERS[reader]
    file = tmp_path / name
    file.write_bytes(CONTENTS[content])
    places = {"FILE": str(file), "FOLDER": str(tmp_path), "OUT": str(tmp_path / "out")}

    ended = simulator(*(places.get(word, word) for word in words))

    assert refused(ended, naming=str(file))


def refused(ended: Ended, *, naming: str) -> bool:
    """Whether it ended with 2 and lines that name the file and can be shown on a terminal."""
    lines = ended.stderr.splitlines()
    assert ended.code == 2, ended.stderr
    assert ended.stdout == ""
    assert any(naming in line for line in lines), ended.stderr
    assert all(len(line) < len(naming) + 2 * MOST_QUOTED and line.isprintable() for line in lines)
    return True


LONG = "y" * 5000


@pytest.mark.parametrize(
    "arguments",
    [
        ("scenario", "check", LONG),
        ("scenario", "check", "--" + LONG),
        (LONG,),
        ("--" + LONG,),
        ("run", "--seed", DIGITS),
        ("run", "--compress", LONG),
        ("run", "--scenario", LONG),
        ("run", "--duration", LONG),
        ("run", "--history", LONG),
        ("backfill", "calm", "--output", "out", "--end", LONG),
        ("backfill", "calm", "--output", "out", "--format", LONG),
        ("cover", "calm", "--dashboards", LONG),
        ("cover", "calm", "--dashboards", "a.json", "--dashboards", LONG),
        ("cover", "calm", "--var", LONG),
        ("cover", "calm", "--var", "a=\udcff"),
        ("cover", "calm", "--allow", LONG),
        ("cover", "calm", "--step", DIGITS + "s"),
        ("cover", *RECORDED, "--truth", LONG),
        ("tune", "calm", "--cost", LONG),
        ("tune", "calm", "--cost", "miss=" + DIGITS),
        ("tune", "calm", "--require", LONG),
        ("tune", "calm", "--require", "min-recall=" + LONG),
        ("tune", "calm", "--min-recall", DIGITS),
        ("tune", "calm", "--rules", LONG),
        ("stack", "--scrape-interval", LONG),
        ("demo", "--users", DIGITS),
        ("clean", "--instance", "a\x1b[31m"),
    ],
    ids=lambda words: " ".join(word[:12] for word in words),
)
def test_a_wrong_argument_is_refused_in_short_lines(
    simulator: Program, arguments: tuple[str, ...]
) -> None:
    ended = simulator(*arguments)

    assert ended.code == 2, ended.stderr
    # what click says around a value, and a list of what is known
    assert all(len(line) < 2 * MOST_QUOTED + 150 for line in ended.stderr.splitlines())
    assert ended.stderr.replace("\n", "").isprintable()


def test_many_wrong_lines_are_said_as_some_and_a_count(simulator: Program, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("".join(f"key-{i}: 1\n" for i in range(1000)))

    lines = simulator("scenario", "check", str(file)).stderr.splitlines()

    assert len(lines) == 101
    assert lines[-1] == f"{file}: and 903 more"  # with the three keys that are missing


def test_numbers_that_no_computer_has_are_named_by_their_path(
    simulator: Program, tmp_path: Path
) -> None:
    file = tmp_path / "f.json"
    file.write_text(json.dumps({**DASHBOARD, "schemaVersion": 10**400}))

    ended = simulator("cover", "calm", "--dashboards", str(file))

    assert f"{file}: schemaVersion: a number is wanted, found 1000" in ended.stderr
