"""`simulator adopt`: what it writes, says and refuses; the proof has tests with real programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.simulator_process import Program


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """A folder with one dashboard."""
    folder = tmp_path / "boards"
    folder.mkdir()
    targets = [{"refId": "A", "expr": "ml_model_auc"}, {"refId": "B", "expr": "acme_widgets"}]
    panel = {"id": 1, "title": "AUC", "type": "stat", "targets": targets}
    board = {"title": "Theirs", "uid": "t", "panels": [panel]}
    (folder / "theirs.json").write_text(json.dumps(board), encoding="utf-8")
    return folder


def test_a_mapping_is_written_that_loads_as_it_is(
    simulator: Program, boards: Path, tmp_path: Path
) -> None:
    written = tmp_path / "theirs.yaml"
    ended = simulator("adopt", "--dashboards", str(boards), "--no-proof", "-o", str(written))
    assert (ended.code, ended.stdout) == (0, "")
    assert "1 metrics adopted (1 sure, 0 likely, 0 guess)" in ended.stderr
    assert "not adopted: acme_widgets" in ended.stderr
    assert "fine, 1 metric" in simulator("mapping", "check", str(written)).stdout


def test_without_a_file_it_is_printed(simulator: Program, boards: Path) -> None:
    ended = simulator("adopt", "--dashboards", str(boards), "--no-proof")
    assert "  ml_model_auc: {measure: auc}\n" in ended.stdout


def test_the_difference_is_shown_when_it_is_written_again(
    simulator: Program, boards: Path, tmp_path: Path
) -> None:
    written = tmp_path / "theirs.yaml"
    command = ("adopt", "--dashboards", str(boards), "--no-proof", "-o", str(written))
    simulator(*command)
    before = written.read_text(encoding="utf-8")
    written.write_text(before.replace("measure: auc", "measure: gini"), encoding="utf-8")
    again = simulator(*command)
    assert (again.code, again.stdout) == (0, "")
    assert "as a person has them: ml_model_auc" in again.stderr
    assert "measure: gini" in written.read_text(encoding="utf-8")
    only = simulator(*command, "--only", "auc$")
    assert "-# not adopted: acme_widgets" in only.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give --dashboards, --grafana or --rules"),
        (("--dashboards", "BOARDS", "--only", "["), "is no regular expression"),
        (("--dashboards", "BOARDS", "--only", "zzz"), "no query reads a metric whose name has zzz"),
        (("--dashboards", "BOARDS", "--no-values"), "--no-values is for --prometheus"),
        (("--dashboards", "missing"), "does not exist"),
    ],
)
def test_what_cannot_be_adopted_is_refused_in_a_line(
    simulator: Program, boards: Path, arguments: tuple[str, ...], said: str
) -> None:
    told = [str(boards) if one == "BOARDS" else one for one in arguments]
    ended = simulator("adopt", *told, "--no-proof")
    assert ended.code == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_file_that_is_no_mapping_is_not_written_over(
    simulator: Program, boards: Path, tmp_path: Path
) -> None:
    written = tmp_path / "theirs.yaml"
    written.write_text("- a list\n", encoding="utf-8")
    ended = simulator("adopt", "--dashboards", str(boards), "--no-proof", "-o", str(written))
    assert ended.code == 2
    assert "holds no mapping" in ended.stderr
    assert written.read_text(encoding="utf-8") == "- a list\n"
