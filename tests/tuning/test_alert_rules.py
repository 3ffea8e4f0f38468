"""Alert rules taken apart: the query, the comparison, and the hold."""

from pathlib import Path

import pytest

from simulator.checking.severities import parse_severities
from simulator.errors import RuleError
from simulator.rules.reading import read_rule_files
from simulator.tuning.monitors.alert_rules import alert_rules
from tests.support.alert_files import read_rules
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
    assert rule.limit is not None
    assert (rule.limit.query, rule.limit.literal) == ("sum(rate(x[5m])) / 2", 0.95)
    assert (rule.limit.is_lower_worse, rule.hold) == (True, 300.0)
    assert (rule.levels, rule.signal) == (("red",), "A")
    assert rule.place.path == ("groups", 0, "rules", 0)


def test_the_projects_alerts_are_all_read() -> None:
    found = read_rules([RULES / "scoring-alerts.yml"], SIGNALS)
    assert len(found) == 22
    assert all(rule.limit and rule.panel and rule.hold > 0 for rule in found)


@pytest.mark.parametrize(
    "expr", ["up", "a == 0", "absent(up)", "a > b", "a > bool 1", "a > 1 or b"]
)
def test_an_alert_in_which_no_number_can_move_is_judged_as_it_is(tmp_path: Path, expr: str) -> None:
    (rule,) = read_rules([rules_file(tmp_path, expr)], SIGNALS)
    assert rule.limit is None


@pytest.mark.parametrize(
    ("expr", "query", "sign", "literal"),
    [
        ("5 < a", "a", ">", 5.0),
        ("(a > (5))", "((a))", ">", 5.0),
        ("a > 5 and b > 1", "(a) and b > 1", ">", 5.0),
        ("a > 5 unless on () b", "(a) unless on () b", ">", 5.0),
        ("a > 2 * 60", "(a) / 60", ">", 2.0),
        ("1 - 0.99 < a", "((a) - 1.0) / -1", "<", 0.99),
        ("a > -5", "a", ">", -5.0),
        ("a > 5 # was > 4", "(a) # was > 4", ">", 5.0),
        ("a > 1 > 2", "a > 1", ">", 2.0),
    ],
)
def test_one_number_can_move(
    tmp_path: Path, expr: str, query: str, sign: str, literal: float
) -> None:
    (rule,) = read_rules([rules_file(tmp_path, expr)], SIGNALS)
    assert rule.limit is not None
    assert (rule.limit.query, rule.limit.sign, rule.limit.literal) == (query, sign, literal)
    assert float(expr[rule.limit.start : rule.limit.end]) == literal


@pytest.mark.parametrize("severity", ["info", '""'])
def test_an_alert_of_no_known_severity_is_for_incidents_of_both(
    tmp_path: Path, severity: str
) -> None:
    (rule,) = read_rules([rules_file(tmp_path, "a > 1", severity)], SIGNALS)
    assert rule.levels == ("orange", "red")


def test_a_severity_may_be_told(tmp_path: Path) -> None:
    groups = read_rule_files([rules_file(tmp_path, "a > 1", "Info")])
    (rule,) = alert_rules(groups, SIGNALS, parse_severities("info=red"))
    assert rule.levels == ("red",)


def test_what_reads_a_recording_tells_of_what_that_reads(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    recording = "{record: 'job:lag:sum', expr: sum(kafka_consumergroup_lag)}"
    file.write_text(f"groups: [{{rules: [{recording}, {{alert: A, expr: 'job:lag:sum > 1'}}]}}]")
    (rule,) = read_rules([file], SIGNALS)
    assert rule.signal == "consumer-lag"


@pytest.mark.parametrize("text", ["- 1", "groups: 3", "a: ["])
def test_what_is_no_rule_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(text)
    with pytest.raises(RuleError, match=r"rules\.yml"):
        read_rules([file], SIGNALS)
