"""What a check found as SARIF, JUnit and a baseline, and on which lines."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from simulator.checking.baseline import baseline_text, known_of, read_baseline
from simulator.checking.check import CHECKS
from simulator.checking.report.junit import check_junit
from simulator.checking.report.sarif import sarif_log
from simulator.checking.results import Results, results
from simulator.errors import BaselineError
from tests.support.checked_files import LAG, alert, board, material, panel

DOCS = Path(__file__).parents[2] / "docs" / "check.md"


@pytest.fixture
def found(tmp_path: Path) -> Results:
    second = panel("other", kind="gauge", defaults={"max": 0.5}) | {"id": 2, "title": "G"}
    return results(material(tmp_path, [board(panel(), second)], [alert(f"{LAG} >= 0.7")]))


def test_findings_are_on_the_lines_where_they_are_written(found: Results, tmp_path: Path) -> None:
    at = {one.found.check.id: (one.problem.place.file, one.line) for one in found.findings}
    file, line = at["bar-range"]
    written = file.read_text().splitlines()
    assert '"thresholds"' in written[line - 1]
    assert sum('"thresholds"' in text for text in written[:line]) == 2
    assert at["threshold-differs"] == (tmp_path / "rules.yml", 4)


def test_a_log_names_its_rules_and_the_places_relative_to_the_checkout(
    found: Results, tmp_path: Path
) -> None:
    log = sarif_log(found, version="1.0.0", folder=tmp_path)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == [one.id for one in CHECKS]
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        (where,) = one["locations"]
        place: dict[str, Any] = where["physicalLocation"]
        assert (tmp_path / place["artifactLocation"]["uri"]).is_file()
        assert place["region"]["startLine"] >= 1
    assert {one["level"] for one in run["results"]} == {"error", "note"}


def test_what_a_baseline_has_does_not_fail_and_another_number_does(
    found: Results, tmp_path: Path
) -> None:
    file = tmp_path / "known.json"
    file.write_text(baseline_text([one.found for one in found.findings], tmp_path))
    again = results(found.material, read_baseline(file), tmp_path)
    assert again.is_clean
    assert not found.is_clean
    assert "suppressions" in str(sarif_log(again, version="1.0.0", folder=tmp_path))
    other = material(tmp_path, [board(panel())], [alert(f"{LAG} >= 0.6")])
    changed = results(other, read_baseline(file), tmp_path)
    assert [one.found.check.id for one in changed.every if one.fails] == ["threshold-differs"]
    assert {one.check for one in changed.gone} == {"threshold-differs", "bar-range"}


def test_a_baseline_is_the_same_wherever_the_checkout_is(found: Results, tmp_path: Path) -> None:
    assert {known_of(one.found, tmp_path).file for one in found.findings} == {
        "board-0.json",
        "rules.yml",
    }


@pytest.mark.parametrize("text", ["[]", "{}", '{"version": 1, "findings": [{"check": 1}]}', "x"])
def test_what_is_no_baseline_is_refused_in_a_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "known.json"
    file.write_text(text)
    with pytest.raises(BaselineError, match=str(file)):
        read_baseline(file)


def test_junit_counts_findings_as_failures_and_checks_that_pass(found: Results) -> None:
    root = ET.fromstring(check_junit(found))  # noqa: S314 - written just now
    assert root.get("failures") == str(len(found.findings)) == "2"
    assert len(root.findall("testsuite")) == 2
    assert root.get("tests") == str(2 * len(CHECKS))


def test_each_check_has_a_section_of_its_own() -> None:
    headings = [
        line.removeprefix("### ") for line in DOCS.read_text().splitlines() if "### " in line
    ]
    assert headings == [f"`{one.id}`" for one in CHECKS]
    assert len({one.id for one in CHECKS}) == len(CHECKS)
