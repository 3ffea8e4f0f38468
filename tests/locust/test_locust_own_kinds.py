"""Kinds of tests that a mapping adds: beside the built-in ones, with bands of their own."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import TYPE_CHECKING, Any

import pytest

from simulator.errors import MappingError, SimulatorError
from simulator.load.bands import USUAL_LIMITS, p95_band, throughput_band
from simulator.load.kinds import KINDS, TestKind, chosen_kind, known_kinds
from simulator.load.verdict import Verdict
from simulator.load.waiting import Waiting
from simulator.mapping.loading import load_mappings, parse_mapping

if TYPE_CHECKING:
    from pathlib import Path

KIND = {"users": 80, "rate": 8, "time": "20m", "think_time": "500ms-2s"}


def written(folder: Path, name: str = "theirs", **kinds: dict[str, Any]) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps({"version": 1, "name": name, "load": {"kinds": kinds}}))
    return str(path)


def options(mapping: str, kind: str) -> Namespace:
    return Namespace(
        mapping=[mapping],
        allow_series=None,
        kind=kind,
        think_time="",
        pacing="",
        open=False,
        worst="",
        summary="",
        summary_html="",
    )


def refusal(**kind: object) -> str:
    text = json.dumps({"version": 1, "name": "x", "load": {"kinds": {"nightly": {**KIND, **kind}}}})
    with pytest.raises(MappingError) as raised:
        parse_mapping(text, "x.yaml")
    return str(raised.value)


def test_a_kind_of_a_mapping_is_beside_the_built_in_ones(tmp_path: Path) -> None:
    chosen = options(written(tmp_path, nightly=KIND), "nightly")

    assert list(known_kinds(chosen)) == [*(kind.name for kind in KINDS), "nightly"]
    assert chosen_kind(chosen) == TestKind("nightly", 80, 8.0, 1200, "500ms-2s")
    assert Waiting.of(chosen) == Waiting((0.5, 2.0))


def test_a_kind_with_the_name_of_a_built_in_one_stands_in_its_place(tmp_path: Path) -> None:
    found = chosen_kind(options(written(tmp_path, load=KIND), "load"))

    assert found is not None
    assert found.users == 80


def test_of_several_mappings_kinds_add_up_and_later_ones_come_first(tmp_path: Path) -> None:
    first = written(tmp_path, "one", nightly=KIND, weekly=KIND)
    second = written(tmp_path, "two", nightly={**KIND, "users": 5})
    kinds = load_mappings([first, second]).load.kinds

    assert {name: kind.users for name, kind in kinds.items()} == {"nightly": 5, "weekly": 80}


def test_a_name_that_is_none_is_refused_with_all_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match=r"volume, nightly; did you mean 'nightly'\?"):
        chosen_kind(options(written(tmp_path, nightly=KIND), "nigtly"))


def test_bands_that_a_kind_says_are_its_own_and_the_others_as_usual(tmp_path: Path) -> None:
    bands = {"p95_milliseconds": {"orange": 900, "green": 200}}
    verdict = Verdict.of(options(written(tmp_path, nightly={**KIND, "bands": bands}), "nightly"))

    assert verdict is not None
    judged = [p95_band(ms, verdict.limits).band for ms in (200.0, 201.0, 900.0, 901.0)]
    assert judged == ["green", "orange", "orange", "red"]
    assert verdict.limits.error_ratio == USUAL_LIMITS.error_ratio
    assert throughput_band(80, 100.0, verdict.limits).band == throughput_band(80, 100.0).band


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"users": 0}, "load.kinds.nightly.users: "),
        ({"rate": 0}, "load.kinds.nightly.rate: "),
        ({"time": 60}, "load.kinds.nightly.time: write a duration with its unit"),
        ({"time": "10ms"}, "load.kinds.nightly.time: "),
        ({"think_time": "5s-1s"}, "load.kinds.nightly.think_time: give the shorter duration first"),
        ({"user": 5}, "load.kinds.nightly.user: "),
        ({"bands": {"p95": {}}}, "load.kinds.nightly.bands.p95: "),
        ({"bands": {"error_ratio": {"red": 1}}}, "load.kinds.nightly.bands.error_ratio.red"),
        ({"bands": {"p95_milliseconds": {}}}, "load.kinds.nightly.bands.p95_milliseconds: "),
        (
            {"bands": {"p95_milliseconds": {"green": 500, "yellow": 500}}},
            "bands.p95_milliseconds.yellow: allows no more than green (found 500 after 500)",
        ),
        (
            {"bands": {"throughput_ratio": {"green": 0.5, "orange": 0.9}}},
            "bands.throughput_ratio.orange: allows no less than green (found 0.9 after 0.5)",
        ),
        (
            {"bands": {"error_ratio": {"green": 5}}},
            "bands.error_ratio.green: is a share, from 0 to 1 (found 5): write 0.01 for 1 %",
        ),
    ],
)
def test_a_kind_that_cannot_be_is_refused_with_its_place(kind: dict[str, Any], said: str) -> None:
    assert said in refusal(**kind)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    bands = {
        "error_ratio": {"green": 5, "yellow": 2},
        "p95_milliseconds": {"green": 2, "orange": 1},
    }
    said = refusal(bands=bands)

    assert len([line for line in said.splitlines() if "bands." in line]) == 4, said
