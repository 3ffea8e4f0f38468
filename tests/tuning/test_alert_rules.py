"""Alert rules taken apart: the query, the comparison, and the hold."""

from pathlib import Path

import pytest

from simulator.errors import RuleError
from simulator.tuning.monitors.alert_rules import read_rules
from tests.support.default_names import SIGNALS

RULES = Path(__file__).resolve().parents[2] / "compose" / "prometheus" / "rules"


def rules_file(folder: Path, expr: str, severity: str = "warning") -> Path:
    file = folder / "rules.yml"
    file.write_text(
        "groups:\n  - name: g\n    rules:\n"
        f"      - alert: A\n        expr: '{expr}'\n        for: 5m\n"
        f"        labels: {{severity: {severity}}}\n"
    )
    return file


def test_a_comparison_is_taken_apart(tmp_path: Path) -> None:
    (rule,) = read_rules([rules_file(tmp_path, "sum(rate(x[5m])) / 2 < 0.95", "critical")], SIGNALS)
    assert (rule.query, rule.threshold, rule.hold) == ("sum(rate(x[5m])) / 2", 0.95, 300.0)
    assert rule.is_lower_worse
    assert (rule.level, rule.signal, rule.place.path) == ("red", "A", ("groups", 0, "rules", 0))


def test_the_projects_alerts_are_all_read() -> None:
    found = read_rules([RULES / "scoring-alerts.yml"], SIGNALS)
    assert len(found) == 22
    assert all(rule.panel and rule.hold > 0 for rule in found)


@pytest.mark.parametrize("expr", ["up", "a == 0", "absent(up)"])
def test_an_alert_without_a_threshold_is_left_out(tmp_path: Path, expr: str) -> None:
    assert read_rules([rules_file(tmp_path, expr)], SIGNALS) == ()


def test_a_severity_that_is_no_level_is_left_out(tmp_path: Path) -> None:
    assert read_rules([rules_file(tmp_path, "a > 1", "info")], SIGNALS) == ()


@pytest.mark.parametrize("expr", ["a and b > 1", "up > 0 and up > 2", "a > 5 # was > 4"])
def test_what_has_no_single_limit_at_its_end_is_left_out(tmp_path: Path, expr: str) -> None:
    assert read_rules([rules_file(tmp_path, expr)], SIGNALS) == ()


@pytest.mark.parametrize("text", ["- 1", "groups: 3", "a: ["])
def test_what_is_no_rule_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(text)
    with pytest.raises(RuleError, match=r"rules\.yml"):
        read_rules([file], SIGNALS)
