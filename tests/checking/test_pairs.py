"""Alerts and panels find each other, and what differs between them is named."""

from pathlib import Path
from typing import Any

import pytest

from simulator.checking.material import Facts
from tests.support.checked_files import (
    LAG,
    SHARE,
    alert,
    board,
    linked,
    material,
    panel,
    says,
    steps,
)

HIGH = steps(("green", None), ("orange", 0.4), ("red", 0.97))


def test_a_threshold_that_differs_is_told_with_both_numbers(tmp_path: Path) -> None:
    found = says(
        tmp_path, "threshold-differs", [board(panel(thresholds=HIGH))], [alert(f"{LAG} >= 0.95")]
    )
    assert found == ["panel P 0.97, alert 0.95 (red)"]


def test_the_same_threshold_is_no_finding(tmp_path: Path) -> None:
    rules = [alert(f"{LAG} >= 0.97"), alert(f"0.4 <= {LAG}", name="B", severity="warning")]
    assert says(tmp_path, "threshold-differs", [board(panel(thresholds=HIGH))], rules) == []


def test_a_share_and_its_per_cent_have_the_same_threshold(tmp_path: Path) -> None:
    per_cent = panel(f"100 * {SHARE}", thresholds=steps(("green", None), ("red", 5)))
    assert (
        says(tmp_path, "threshold-differs", [board(per_cent)], [alert(f"({SHARE}) >= 0.05")]) == []
    )
    (found,) = says(tmp_path, "threshold-differs", [board(per_cent)], [alert(f"({SHARE}) >= 0.06")])
    assert found == "panel P 0.05, alert 0.06 (red)"


def test_a_critical_alert_at_the_orange_limit_is_told(tmp_path: Path) -> None:
    (found,) = says(
        tmp_path, "threshold-differs", [board(panel(thresholds=HIGH))], [alert(f"{LAG} >= 0.4")]
    )
    assert found == "panel P 0.97, alert 0.4 (red), which is its orange"


def test_an_alert_on_the_other_side_is_told(tmp_path: Path) -> None:
    (found,) = says(
        tmp_path, "threshold-differs", [board(panel(thresholds=HIGH))], [alert(f"{LAG} < 0.97")]
    )
    assert found == "holds < 0.97, where panel P finds high bad"


def test_one_without_severity_counts_for_both_and_one_that_informs_for_none(tmp_path: Path) -> None:
    boards = [board(panel(thresholds=HIGH))]
    assert says(tmp_path, "threshold-differs", boards, [alert(f"{LAG} >= 0.4", severity="")]) == []
    (found,) = says(tmp_path, "threshold-differs", boards, [alert(f"{LAG} >= 0.5", severity="")])
    assert found == "panel P orange 0.4, red 0.97, alert 0.5"
    informs = [alert(f"{LAG} >= 0.5", severity="info")]
    assert says(tmp_path, "threshold-differs", boards, informs) == []


def test_words_of_severity_are_a_persons_own(tmp_path: Path) -> None:
    boards = [board(panel(thresholds=HIGH))]
    rules = [alert(f"{LAG} >= 0.4", severity="blocker")]
    assert says(tmp_path, "threshold-differs", boards, rules) == []
    assert says(tmp_path, "threshold-differs", boards, rules, Facts(levels={"blocker": "red"}))


@pytest.mark.parametrize(
    ("plotted", "compared", "said"),
    [
        ("sum(rate(a_total[5m]))", "sum(rate(a_total[10m]))", "range (panel 5m, alert 10m)"),
        (
            'sum(rate(a_total{job="x"}[5m]))',
            'sum(rate(a_total{job="y"}[5m]))',
            'label (panel job="x", alert job="y")',
        ),
        ("max(rate(a_total[5m]))", "avg(rate(a_total[5m]))", "aggregation (panel max, alert avg)"),
        (
            "sum by (b) (rate(a_total[5m]))",
            "sum(rate(a_total[5m]))",
            "grouping (panel by (b), alert all)",
        ),
        (
            "sum(rate(a_total[5m]))",
            "sum(rate(b_total[5m]))",
            "metric (panel a_total, alert b_total)",
        ),
        ("sum(rate(a_total[5m]))", "sum(irate(a_total[5m]))", "function (panel rate, alert irate)"),
        (
            "histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m])))",
            "histogram_quantile(0.99, sum by (le) (rate(a_bucket[5m])))",
            "number (panel 0.95, alert 0.99)",
        ),
    ],
)
def test_what_a_linked_panel_plots_otherwise_is_named(
    tmp_path: Path, plotted: str, compared: str, said: str
) -> None:
    rules = [alert(f"{compared} >= 0.8", annotations=linked())]
    assert says(tmp_path, "query-differs", [board(panel(plotted))], rules) == [
        f"panel P plots something else than it compares: {said}"
    ]


@pytest.mark.parametrize(
    ("plotted", "compared"),
    [
        ("sort_desc(sum by (b, a) (x))", "sum by (a, b) (x)"),
        ("sum(rate(a_total[5m])) or vector(0)", "sum(rate(a_total[300s]))"),
        ('sum(rate(a_total{job=~"$job"}[$__rate_interval]))', 'sum(rate(a_total{job="api"}[5m]))'),
        ('label_replace(a, "x", "$1", "y", "(.*)")', "a"),
        ("topk(5, max by (a) (x))", "max by (a) (x)"),
    ],
)
def test_what_only_looks_otherwise_is_the_same(tmp_path: Path, plotted: str, compared: str) -> None:
    found = material(tmp_path, [board(panel(plotted))], [alert(f"({compared}) >= 0.8")])
    assert [(one.by, one.differences) for one in found.pairs] == [("query", ())]
    assert (
        says(tmp_path, "query-differs", [board(panel(plotted))], [alert(f"({compared}) >= 0.8")])
        == []
    )


def test_queries_that_are_near_belong_together_where_they_have_the_same_limit(
    tmp_path: Path,
) -> None:
    near = "max(max_over_time(queue_depth[5m]))"
    boards = [board(panel("max(max_over_time(queue_depth[1m]))"))]
    assert says(tmp_path, "query-differs", boards, [alert(f"{near} >= 0.8")])
    assert says(tmp_path, "query-differs", boards, [alert(f"{near} >= 0.7")]) == []


def test_a_history_beside_the_panel_that_shows_just_the_alert_is_no_finding(tmp_path: Path) -> None:
    history = panel("max by (host) (queue_depth)", kind="stat") | {"id": 2, "title": "History"}
    rules = [alert(f"{LAG} >= 0.8")]
    assert says(tmp_path, "query-differs", [board(panel(), history)], rules) == []


def test_one_value_of_a_panel_with_several_is_paired_by_its_override(tmp_path: Path) -> None:
    two = panel("a") | {
        "targets": [
            {"refId": "A", "expr": "a", "legendFormat": "first"},
            {"refId": "B", "expr": "b", "legendFormat": "second"},
        ]
    }
    own = {"id": "thresholds", "value": steps(("green", None), ("red", 7))}
    two["fieldConfig"]["overrides"] = [
        {"matcher": {"id": "byName", "options": "second"}, "properties": [own]}
    ]
    assert (
        says(tmp_path, "threshold-differs", [board(two)], [alert("b >= 7"), alert("a >= 0.8")])
        == []
    )
    (found,) = says(tmp_path, "threshold-differs", [board(two)], [alert("b >= 0.8")])
    assert found == "panel P 7, alert 0.8 (red)"


@pytest.mark.parametrize(
    "where",
    [
        {"annotations": {"__dashboardUid__": "u", "__panelId__": "1"}},
        {"dashboardUid": "u", "panelId": 1},
    ],
)
def test_rules_of_grafana_are_paired_by_their_threshold_and_link(
    tmp_path: Path, where: dict[str, Any]
) -> None:
    source = "__expr__"
    rule = {
        "uid": "r",
        "title": "Depth",
        "condition": "C",
        "for": "5m",
        "labels": {"severity": "critical"},
        **where,
        "data": [
            {"refId": "A", "datasourceUid": "p", "model": {"expr": LAG}},
            {
                "refId": "B",
                "datasourceUid": source,
                "model": {"type": "reduce", "expression": "A", "reducer": "last"},
            },
            {
                "refId": "C",
                "datasourceUid": source,
                "model": {
                    "type": "threshold",
                    "expression": "B",
                    "conditions": [{"evaluator": {"type": "gt", "params": [0.7]}}],
                },
            },
        ],
    }
    assert says(tmp_path, "threshold-differs", [board(panel())], [rule]) == [
        "panel P 0.8, alert 0.7 (red)"
    ]
    assert material(tmp_path, [board(panel())], [rule]).pairs[0].by == "link"


def test_a_link_to_a_panel_that_is_not_there_is_told(tmp_path: Path) -> None:
    rules = [alert(f"{LAG} >= 0.8", annotations=linked(panel_id=9))]
    assert says(tmp_path, "panel-link", [board(panel())], rules) == [
        "links to panel 9 of T, which has none of this id"
    ]


def test_the_worst_of_many_is_beyond_a_limit_where_any_of_them_is(tmp_path: Path) -> None:
    boards = [board(panel("max(queue_depth)"))]
    rules = [alert("queue_depth >= 0.8", annotations=linked())]
    assert says(tmp_path, "query-differs", boards, rules) == []
    rules = [alert("queue_depth < 0.8", annotations=linked())]
    (found,) = says(tmp_path, "query-differs", boards, rules)
    assert found.endswith("aggregation (panel max, alert none)")


def test_a_sign_that_differs_is_told(tmp_path: Path) -> None:
    rules = [alert("max(a - b) > 0.8", annotations=linked())]
    found = says(tmp_path, "query-differs", [board(panel("max(a + b)"))], rules)
    assert found == ["panel P plots something else than it compares: sign (panel +, alert -)"]


def test_what_is_not_as_chosen_is_no_choice(tmp_path: Path) -> None:
    rules = [alert("max(a) > 0.8", annotations=linked())]
    for operator, count in (("=~", 0), ("!~", 1)):
        one = board(panel(f'max(a{{i{operator}"$i"}})'))
        assert len(says(tmp_path, "query-differs", [one], rules)) == count


def test_whether_there_is_any_is_asked_of_rates_and_sums_alike(tmp_path: Path) -> None:
    shown = board(panel("sum by (job) (rate(a_total[5m]))"))
    for limit, count in (("> 0", 0), ("> 3", 1)):
        rules = [alert(f"increase(a_total[5m]) {limit}", annotations=linked())]
        assert len(says(tmp_path, "query-differs", [shown], rules)) == count


def test_of_several_quantiles_the_alert_belongs_to_its_own(tmp_path: Path) -> None:
    def quantile(number: str, labels: str) -> str:
        return f"histogram_quantile({number}, sum by ({labels}) (rate(a_bucket[5m])))"

    targets = [{"refId": n, "expr": quantile(q, "le")} for n, q in (("A", "0.5"), ("B", "0.95"))]
    rules = [alert(f"{quantile('0.95', 'le, path')} > 0.8")]
    found = says(tmp_path, "query-differs", [board(panel(targets=targets))], rules)
    assert found == [
        "panel P plots something else than it compares: "
        "grouping (panel by (le), alert by (le, path))"
    ]
