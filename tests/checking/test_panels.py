"""What is wrong with a panel by itself."""

from pathlib import Path
from typing import Any

import pytest

from simulator.checking.material import Facts
from simulator.checking.psi_noise import DriftSample
from tests.support.checked_files import LAG, RISING, SHARE, board, panel, says, steps

QUANTILE = "histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m])))"


@pytest.mark.parametrize(
    ("expr", "thresholds", "facts", "said"),
    [
        (
            SHARE,
            steps(("green", None), ("red", 5)),
            Facts(),
            "red from 5 cannot be reached: a part of the whole is at most 1",
        ),
        (
            f"100 * {SHARE}",
            steps(("green", None), ("red", 120)),
            Facts(),
            "red from 120 cannot be reached: a part of the whole is at most 1",
        ),
        (
            QUANTILE,
            steps(("green", None), ("red", 30)),
            Facts(top_buckets={"a_bucket": 10.0}),
            "red from 30 cannot be reached: the last bucket ends at 10",
        ),
        (
            "min(up)",
            steps(("green", None), ("red", 2)),
            Facts(),
            "red from 2 cannot be reached: it is 0 or 1",
        ),
        (
            "sum(rate(a_total[5m]))",
            steps(("red", None), ("green", 0)),
            Facts(),
            "red below 0 cannot be reached: it is at least 0",
        ),
    ],
)
def test_steps_that_nothing_reaches(
    tmp_path: Path, expr: str, thresholds: dict[str, Any], facts: Facts, said: str
) -> None:
    assert says(
        tmp_path, "step-reach", [board(panel(expr, thresholds=thresholds))], facts=facts
    ) == [said]


@pytest.mark.parametrize(
    "expr",
    [
        LAG,  # any value
        "sum(rate(cpu_seconds_total[5m])) / sum(cpu_limit)",  # more than the limit is possible
        "sum(rate(a_total[5m])) / sum(rate(b_total[5m]))",
        "sum(rate(http_server_errors_total[5m])) / sum(rate(http_client_requests_total[5m]))",
        'sum(rate(a_total{x="y"}[5m])) / sum(rate(a_total[1m]))',  # over other times
        QUANTILE,
        "sum by (a) (rate(h_total[5m])) / on () group_left () sum by (a) (rate(h_total[5m])) * 9",
    ],
)
def test_what_may_be_reached_is_no_finding(tmp_path: Path, expr: str) -> None:
    assert (
        says(
            tmp_path,
            "step-reach",
            [board(panel(expr, thresholds=steps(("green", None), ("red", 5))))],
        )
        == []
    )


def test_a_threshold_at_the_last_bucket_is_reached(tmp_path: Path) -> None:
    facts = Facts(top_buckets={"a_bucket": 10.0})
    high = panel(QUANTILE, thresholds=steps(("green", None), ("red", 10)))
    assert says(tmp_path, "step-reach", [board(high)], facts=facts) == []


def test_a_share_in_per_cent_is_in_the_wrong_unit(tmp_path: Path) -> None:
    assert says(tmp_path, "unit-scale", [board(panel(SHARE, defaults={"unit": "percent"}))])
    assert (
        says(tmp_path, "unit-scale", [board(panel(SHARE, defaults={"unit": "percentunit"}))]) == []
    )
    hundred = panel(f"100 * {SHARE}", defaults={"unit": "percentunit"})
    assert says(tmp_path, "unit-scale", [board(hundred)])


@pytest.mark.parametrize(
    ("thresholds", "check"),
    [
        (steps(("green", None), ("red", 9), ("orange", 5)), "step-order"),
        (steps(("green", None), ("orange", 5), ("red", 5)), "step-order"),
        (steps(("green", None), ("red", 5), ("orange", 9)), "color-order"),
        (steps(("orange", None), ("red", 5), ("green", 9)), "color-order"),
    ],
)
def test_steps_in_the_wrong_order(tmp_path: Path, thresholds: dict[str, Any], check: str) -> None:
    assert len(says(tmp_path, check, [board(panel(thresholds=thresholds))])) == 1


@pytest.mark.parametrize(
    "thresholds",
    [
        steps(("red", None), ("orange", 5), ("green", 9)),
        steps(("red", None), ("orange", 2), ("green", 5), ("orange", 7), ("red", 9)),  # a band
        steps(("red", None), ("green", 5), ("orange", 9)),  # worse below than above
        steps(("green", None), ("red", 1), ("orange", 2)),  # codes of states
    ],
)
def test_orders_that_people_mean(tmp_path: Path, thresholds: dict[str, Any]) -> None:
    for check in ("step-order", "color-order"):
        assert says(tmp_path, check, [board(panel(thresholds=thresholds))]) == []


def test_a_step_beyond_the_end_of_a_bar(tmp_path: Path) -> None:
    gauge = panel(kind="gauge", defaults={"min": 0, "max": 0.5})
    assert says(tmp_path, "bar-range", [board(gauge)]) == [
        "red from 0.8 lies outside of its range: max 0.5"
    ]
    assert says(tmp_path, "bar-range", [board(panel(kind="gauge", defaults={"max": 0.8}))]) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Orange, from 0.4: look. Red, from 0.8: act.", 0),
        ("Red above 80 %.", 0),
        ("Red from 0.9: act.", 1),
        ("Orange: >= 0.5", 1),
        ("The red line is the p95 over 5 minutes.", 0),
        ("Green, below 0.4. Since 2 000 are seen.", 0),
        ("Orange à partir de 0,4 ; rouge dès 80 %.", 0),
        ("Rouge : supérieur à 0,9", 1),
    ],
)
def test_descriptions_that_say_other_limits(tmp_path: Path, text: str, count: int) -> None:
    assert len(says(tmp_path, "panel-text", [board(panel(description=text))])) == count


@pytest.mark.parametrize(
    ("matcher", "proposal"),
    [
        ('le="1"', 'le=~"1|1\\\\.0"'),
        ('le="1000000"', 'le=~"1000000|1e+06"'),
        ('le=~"0.5|1"', 'le=~"0.5|1|1\\\\.0"'),
        ('le="1.0"', None),
        ('le="+Inf"', None),
        ('le="0.25"', None),
        ('le=~"1(\\\\.0)?"', None),
        ('le=~"$le"', None),
    ],
)
def test_bounds_as_prometheus_3_writes_them(
    tmp_path: Path, matcher: str, proposal: str | None
) -> None:
    found = says(
        tmp_path, "bucket-spelling", [board(panel(f"sum(rate(a_bucket{{{matcher}}}[5m]))"))]
    )
    assert bool(found) is (proposal is not None)


def test_what_one_uid_title_or_id_stands_for_twice(tmp_path: Path) -> None:
    other = panel() | {"title": "Q"}
    boards = [board(panel(), other), board(uid="v"), board(uid="u", title="X")]
    found = says(tmp_path, "same-identity", boards)
    assert ["uid" in found[0], "title" in found[1], "id" in found[2]] == [True, True, True]
    assert len(found) == 3


def test_inputs_of_an_import_are_findings_where_they_are_provisioned(tmp_path: Path) -> None:
    source = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}
    shared = board(panel(datasource=source), __inputs=[{"name": "DS_PROMETHEUS"}])
    assert says(tmp_path, "data-source", [shared]) == []
    assert len(says(tmp_path, "data-source", [shared], facts=Facts(are_provisioned=True))) == 1
    assert len(says(tmp_path, "data-source", [board(panel(datasource=source))])) == 1


@pytest.mark.parametrize(
    ("uid", "count"),
    [
        ("P1809F7CD0C75ACF3", 1),
        ("000000134", 1),
        ("y-Ka8y37k", 1),
        ("fdwn3jx2kqa4ge", 1),
        ("prometheus", 0),
        ("${datasource}", 0),
        ("prom-eu-1", 0),
        ("prometheus2024", 0),
    ],
)
def test_uids_that_one_grafana_made_up(tmp_path: Path, uid: str, count: int) -> None:
    variables = {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]}
    one = board(panel(datasource={"type": "prometheus", "uid": uid}), templating=variables)
    assert len(says(tmp_path, "data-source", [one])) == count


def test_a_drift_threshold_within_the_noise(tmp_path: Path) -> None:
    low = panel("max by (f) (feature_psi)", thresholds=steps(("green", None), ("red", 0.005)))
    known = Facts(drift=DriftSample(is_assumed=False))
    (found,) = says(tmp_path, "drift-noise", [board(low)], facts=known)
    assert found.startswith(
        "with 2,000 applications and 10 bins a healthy PSI exceeds 0.01 once a week"
    )
    assert says(tmp_path, "drift-noise", [board(low)]) == []  # nobody said what it is computed of
    assert (
        says(tmp_path, "drift-noise", [board(panel("feature_psi", thresholds=RISING))], facts=known)
        == []
    )


def test_a_rate_over_too_few_samples(tmp_path: Path) -> None:
    one = [board(panel("sum(rate(a_total[1m]))"))]
    assert says(tmp_path, "short-range", one) == []  # nobody said how often samples come
    assert len(says(tmp_path, "short-range", one, facts=Facts(scrape_seconds=60.0))) == 1
    assert says(tmp_path, "short-range", one, facts=Facts(scrape_seconds=15.0)) == []


def test_a_panel_with_the_same_query_twice(tmp_path: Path) -> None:
    def asking(*targets: dict[str, Any], **more: Any) -> list[str]:  # noqa: ANN401 - JSON
        letters = [{"refId": "AB"[at], **one} for at, one in enumerate(targets)]
        return says(tmp_path, "same-query", [board(panel(targets=letters, **more))])

    same = ({"expr": "sum(a) * 2"}, {"expr": "2 * (sum(a))", "legendFormat": "other"})
    assert asking(*same) == ["queries A and B ask for the same"]
    assert asking({"expr": "a"}, {"expr": "b"}) == []
    assert asking({"expr": 'a{x="$one"}'}, {"expr": 'a{x="$other"}'}) == []
    assert asking({"expr": "a", "instant": True}, {"expr": "a"}) == []
    assert asking({"expr": "a"}, {"expr": "a", "hide": True}) == []
    assert asking(*same, transformations=[{"id": "merge", "options": {}}]) == []
