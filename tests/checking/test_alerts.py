"""What is wrong with an alert by itself."""

import json
from pathlib import Path

import pytest

from simulator.checking.checks.short_hold import SHORT_HOLD
from simulator.checking.checks.template_label import TEMPLATE_LABEL
from simulator.checking.material import Facts, Material
from simulator.checking.problems import Weight
from simulator.rules.reading import groups_in
from tests.support.checked_files import SHARE, alert, material, says


@pytest.mark.parametrize(
    ("expr", "said"),
    [
        (f"{SHARE} > 5", "> 5 never holds: a part of the whole is at most 1"),
        (
            "count(up == 0) == 0",
            "== 0 never holds: where nothing is counted there is no series, and no 0",
        ),
        ("rate(a_total[5m]) < 0", "< 0 never holds: it is at least 0"),
        ("rate(a_total[5m]) >= 0", ">= 0 holds for every value: it is at least 0"),
        (
            "histogram_quantile(0.9, rate(a_bucket[5m])) > 10",
            "> 10 never holds: the last bucket ends at 10",
        ),
        (
            f"(100 * (1 - ({SHARE}))) > 100 and up == 1",
            "> 100 never holds: a part of the whole is at most 1",
        ),
    ],
)
def test_alerts_that_never_hold_or_always(tmp_path: Path, expr: str, said: str) -> None:
    facts = Facts(top_buckets={"a_bucket": 10.0})
    assert says(tmp_path, "alert-reach", rules=[alert(expr)], facts=facts) == [said]


@pytest.mark.parametrize(
    "expr",
    [
        "up == 0",
        "vector(1)",
        "absent(up) == 1",
        "absent(up) > 0",
        "count(up == 0) > 0",
        "(count(up) or vector(0)) == 0",
        f"{SHARE} > 0.05",
        f"1 - ({SHARE}) < 0.99",
        "sum(a) / sum(b) > 1.2",
        "(rate(a_total[5m]) > 0) > 3",
        "delta(a[5m]) < 0",
        "histogram_quantile(0.9, rate(b_bucket[5m])) > 10",
        "increase(errors_total[5m]) / increase(attempts_seen_total[5m]) > 1",
    ],
)
def test_alerts_that_may_hold(tmp_path: Path, expr: str) -> None:
    facts = Facts(top_buckets={"a_bucket": 10.0})
    assert says(tmp_path, "alert-reach", rules=[alert(expr)], facts=facts) == []


@pytest.mark.parametrize(
    ("expr", "text", "count"),
    [
        ("a > 0.05", "Errors are above 5%", 0),
        ("a > 0.05", "Errors are above 10 % ({{ $value }})", 1),
        ("a > 300", "older than 5 minutes", 0),
        ("a < 0.2", "more than 80% used", 0),
        ("a > 4", "at least 5 restarts", 0),
        ("a > 0.5", "slower than half a second for more than 5 minutes", 0),
        ("predict_linear(a[1h], 4 * 3600) < 10", "full in less than 4 hours", 0),
        ("a == 1", "above 7", 0),
    ],
)
def test_texts_with_another_limit_than_the_rule(
    tmp_path: Path, expr: str, text: str, count: int
) -> None:
    rules = [alert(expr, annotations={"summary": text})]
    assert len(says(tmp_path, "alert-text", rules=rules)) == count


@pytest.mark.parametrize(
    ("interval", "hold", "count"),
    [("30s", "5s", 1), ("30s", "30s", 0), ("30s", "0s", 0), ("30s", "5m", 0), ("", "1s", 0)],
)
def test_a_hold_that_is_shorter_than_what_is_between_evaluations(
    interval: str, hold: str, count: int
) -> None:
    rule = {"alert": "A", "expr": "up == 0", "for": hold}
    group = {"name": "g", "rules": [rule], **({"interval": interval} if interval else {})}
    groups = groups_in(json.dumps({"groups": [group]}), Path("r.yml"))
    found = list(SHORT_HOLD.look(Material((), groups)))
    assert len(found) == count
    assert all("between two evaluations of group g" in one.message for one in found)


def test_a_severity_that_is_written_in_two_ways(tmp_path: Path) -> None:
    rules = [
        alert("a > 1"),
        alert("b > 1", name="B"),
        alert("c > 1", name="C", severity="Critical"),
    ]
    assert says(tmp_path, "severity-word", rules=rules) == [
        "its severity is 'Critical', which 2 others write 'critical'"
    ]


def test_a_severity_that_is_misspelt(tmp_path: Path) -> None:
    rules = [alert("a > 1"), alert("c > 1", name="C", severity="critcal")]
    (found,) = says(tmp_path, "severity-word", rules=rules)
    assert found.endswith("did you mean 'critical'?")


def test_the_same_alert_twice(tmp_path: Path) -> None:
    assert len(says(tmp_path, "same-identity", rules=[alert("a > 1"), alert("a  >  1")])) == 1
    assert says(tmp_path, "same-identity", rules=[alert("a > 1"), alert("a > 2")]) == []


@pytest.mark.parametrize(
    ("expr", "label", "count"),
    [
        ("sum by (job) (a) > 1", "instance", 1),
        ("sum by (job) (a) > 1", "job", 0),
        ("sum(a) > 1", "severity", 0),  # its own label
        ("a > 1", "instance", 0),  # the metric decides
        ("sum without (job) (a) > 1", "instance", 0),
        ('absent(up{job="x"})', "job", 0),
        ('absent(up{job="x"})', "instance", 1),
        ("histogram_quantile(0.9, sum by (le, job) (rate(a_bucket[5m]))) > 1", "le", 1),
        ("sum by (a) (x) * on (a) group_left (b) y > 1", "b", 0),
        ("sum by (a) (x) / sum by (a) (y) > 1", "b", 1),
        ('label_replace(sum by (a) (x), "b", "$1", "a", "(.*)") > 1', "b", 0),
        ("time() - max by (a) (x) > 60", "a", 0),
        ("time() - max by (a) (x) > 60", "b", 1),
    ],
)
def test_texts_that_show_a_label_which_the_query_does_not_keep(
    tmp_path: Path, expr: str, label: str, count: int
) -> None:
    text = f"of {{{{ $labels.{label} }}}}"
    rules = [alert(expr, annotations={"summary": text})]
    assert len(says(tmp_path, "template-label", rules=rules)) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('{{ range query "up" }}{{ .Labels.a }}{{ end }}', 0),
        ('{{ range query "up" }}{{ $labels.a }}{{ end }}', 1),
        ('{{ with query "up" }}{{ . | first | label "x" }}{{ end }} {{ .Labels.a }}', 1),
        ("{{ if $labels.a }}on {{ $labels.a }}{{ end }}", 0),
        ("{{ if $labels.job }}{{ $labels.a }}{{ else }}-{{ end }}", 1),
        ('{{- index $labels "a" -}}', 1),
        ("$labels.a is no template", 0),
        ("{{ $externalLabels.a }}", 0),
    ],
)
def test_which_labels_a_template_shows(tmp_path: Path, text: str, count: int) -> None:
    rules = [alert("sum by (job) (up) == 0", annotations={"summary": text})]
    assert len(says(tmp_path, "template-label", rules=rules)) == count


def test_a_label_that_the_rule_puts_on_is_a_note(tmp_path: Path) -> None:
    rules = [alert("sum(up) == 0", annotations={"summary": "{{ $labels.severity }}"})]
    (found,) = TEMPLATE_LABEL.look(material(tmp_path, (), rules))
    assert found.weight is Weight.NOTE
    assert "which the rule puts on" in found.message
