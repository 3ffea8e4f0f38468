"""What a metric can be of measures, beside the arrays that a simulation gives."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.mapping.export import Export
from simulator.mapping.signals import signals_of
from simulator.metrics.families import Family
from simulator.simulation.arrays import Floats
from simulator.simulation.engine import Simulation
from simulator.simulation.scorecard import Scorecard
from simulator.simulation.trace import Trace
from tests.support.mapped import STEP, Shown, joined, mapping, over_a_file, shown, values_of
from tests.support.scenario_builders import MONDAY, episode, scenario

TICKS: Final = 48
PLAN: Final = scenario(
    episode("slow-dependency", dependency="bureau", factor=20, start="2m", duration="3m"),
    episode("data-bug", feature="net_income", factor=100, start="3m", duration="4m"),
    episode("counter-reset", jobs=["ml-model"], start="6m", duration="1m"),
    episode("model-release", version="9.9.9", canary_for="4m", start="4m", duration="7m"),
)
WINDOW_TICKS: Final = 8  # of two minutes


@cache
def trace() -> Trace:
    return Simulation(PLAN, origin=MONDAY, step=STEP).advance(TICKS)


def samples(**metrics: dict[str, Any]) -> list[Shown]:
    return joined([Export(mapping(**metrics), PLAN).samples(trace())])


def only(**metric: Any) -> Floats:  # noqa: ANN401 - a file's own values
    """The values of a metric's only series."""
    return values_of(samples(one=metric), "one")


def families(**metrics: dict[str, Any]) -> dict[str, Family]:
    return {f.name: f for f in Export(mapping(**metrics), PLAN).families}


def windowed(counts: Floats, ticks: int = WINDOW_TICKS) -> Floats:
    return np.array([counts[max(0, t - ticks + 1) : t + 1].sum(axis=0) for t in range(len(counts))])


# union


def test_a_union_has_the_series_of_all_its_sources() -> None:
    found = samples(
        total={
            "labels": {"channel": "channel"},
            "union": [
                {"measure": "scored", "labels": {"outcome": {"dimension": "decision"}}},
                {"measure": "unscored", "constant": {"outcome": "error"}},
            ],
        },
        received={"measure": "applications", "labels": {"channel": "channel"}},
    )
    of_web = [s for s in found if s.name == "total" and s.labels["channel"] == "web"]
    outcomes = [s.labels["outcome"] for s in of_web]
    assert outcomes == ["accepted", "review", "refused", "error"]
    together = np.sum([s.values for s in of_web], axis=0)[:, 0]
    np.testing.assert_array_equal(together, values_of(found, "received", channel="web"))


def test_series_of_a_union_that_are_labelled_alike_are_one() -> None:
    both = {"union": [{"measure": "scored"}, {"measure": "unscored"}]}
    np.testing.assert_array_equal(only(**both), only(measure="applications"))


def test_a_source_of_a_union_writes_a_label_of_the_metric_in_its_own_way() -> None:
    (one,) = families(
        total={
            "labels": {"outcome": "decision"},
            "union": [
                {"measure": "scored"},
                {"measure": "unscored", "constant": {"outcome": "error"}},
            ],
        }
    ).values()
    assert one.series == (("accepted",), ("review",), ("refused",), ("error",))


def test_a_label_that_a_source_does_not_have_is_empty_which_is_no_label() -> None:
    (one,) = families(
        total={
            "union": [
                {"measure": "scored", "labels": {"version": "version"}},
                {"measure": "unscored", "labels": {"reason": "reason"}},
            ]
        }
    ).values()
    assert one.labels == ("version", "reason")
    assert one.series[0] == ("1.0.0", "") or one.series[0][1] == ""
    assert one.series[-1][0] == ""


def test_a_union_of_histograms_has_the_buckets_of_both() -> None:
    edges = [0.05, 0.12, 1.0]
    parts = [{"measure": "http_requests", "where": {"class": c}} for c in ("2xx", "4xx", "5xx")]
    found = samples(
        union={"union": parts, "edges": edges}, whole={"measure": "http_requests", "edges": edges}
    )
    union, whole = (s.values for s in found)
    np.testing.assert_array_equal(union[:, :-1], whole[:, :-1])
    np.testing.assert_allclose(union[:, -1], whole[:, -1])


# flag, count and events


def test_a_flag_is_one_where_the_state_is_so_and_absent_where_there_is_none() -> None:
    labels = {"version": "version", "feature": "feature"}
    found = samples(
        psi={"measure": "psi", "labels": labels},
        drifts={"flag": {"of": {"measure": "psi"}, "above": 0.2}, "labels": labels},
    )
    for one in (s for s in found if s.name == "drifts"):
        key = {name: one.labels[name] for name in labels}
        psi, flags = values_of(found, "psi", **key), one.values[:, 0]
        np.testing.assert_array_equal(flags, np.where(np.isnan(psi), np.nan, psi > 0.2))
    assert any((s.values == 1).any() for s in found if s.name == "drifts")


def test_a_flag_can_say_something_where_there_is_no_state() -> None:
    metric = {
        "flag": {
            "of": {"measure": "versions", "where": {"stage": "canary"}},
            "equal": 1,
            "absent": 0,
        }
    }
    found = only(**metric)
    assert set(found.tolist()) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"above": 2}, [0, 0, 1]),
        ({"at_least": 2}, [0, 1, 1]),
        ({"below": 2}, [1, 0, 0]),
        ({"at_most": 2}, [1, 1, 0]),
        ({"equal": 2}, [0, 1, 0]),
        ({"above": 1, "below": 3}, [0, 1, 0]),
    ],
)
def test_bounds_belong_to_a_comparison_as_they_are_written(
    asked: dict[str, float], expected: list[int]
) -> None:
    values = [
        only(flag={"of": {"always": {"component": "minio", "value": value}}, **asked})[0]
        for value in (1, 2, 3)
    ]
    assert values == expected


def test_rows_are_counted_of_which_a_state_is_so() -> None:
    labels = {"version": "version"}
    count = {"of": {"measure": "psi"}, "by": ["feature"], "above": 0.1}
    found = samples(
        drifted={"count": count, "labels": labels},
        psi={"measure": "psi", "labels": {**labels, "feature": "feature"}},
    )
    version = PLAN.versions[0]
    psi = np.stack(
        [s.values[:, 0] for s in found if s.name == "psi" and s.labels["version"] == version]
    )
    expected = np.where(np.isnan(psi).all(axis=0), np.nan, (psi > 0.1).sum(axis=0))
    np.testing.assert_array_equal(values_of(found, "drifted", version=version), expected)
    assert np.nanmax(expected) > 0


EVENTS: Final = {
    "events": {
        "of": {"measure": "psi"},
        "levels": [
            {"above": 0.1, "labels": {"severity": "warning"}},
            {"above": 0.25, "labels": {"severity": "critical"}},
        ],
    },
    "labels": {"feature": "feature", "version": "version"},
}


def rises(psi: Floats, level: float) -> Floats:
    """How often it has risen above the level up to each tick, in a plain loop."""
    found, was, n = [], False, 0
    for value in psi.tolist():
        if not np.isnan(value):
            n += value > level and not was
            was = value > level
        found.append(float(n))
    return np.array(found)


def test_events_are_counted_at_each_level_that_a_state_leaps_past() -> None:
    # the job that counts restarts in PLAN, and begins at 0 then
    plan = PLAN.muted("counter-reset")
    labels = {"feature": "feature", "version": "version"}
    found = shown(plan, mapping(e=EVENTS, psi={"measure": "psi", "labels": labels}), [TICKS])
    counted = 0.0
    for one in (s for s in found if s.name == "psi"):
        key = {name: one.labels[name] for name in labels}
        for severity, level in (("warning", 0.1), ("critical", 0.25)):
            total = values_of(found, "e", severity=severity, **key)
            np.testing.assert_array_equal(total, rises(one.values[:, 0], level))
            counted += total[-1]
    assert counted > 0


def test_events_start_at_zero_with_a_restart_of_what_counts_them() -> None:
    found = samples(e=EVENTS)
    income = values_of(found, "e", feature="net_income", severity="critical", version="9.9.9")
    assert (np.diff(income) >= 0).all()
    before = values_of(
        found, "e", feature="net_income", severity="critical", version=PLAN.versions[0]
    )
    assert before.max() >= 1
    assert before[-1] == 0


# ratio, rate and complement


def test_a_ratio_of_events_is_that_of_the_latest_time() -> None:
    ratio = {"of": {"measure": "unscored"}, "to": {"measure": "applications"}, "over": "2m"}
    counts = trace().requests.applications.sum(axis=1)
    whole, failed = windowed(counts.sum(axis=1)), windowed(counts[:, 1:].sum(axis=1))
    np.testing.assert_allclose(only(ratio=ratio), failed / whole, rtol=1e-12)
    np.testing.assert_allclose(only(complement={"ratio": ratio}), 1 - failed / whole, rtol=1e-12)


def test_a_ratio_is_within_some_labels_where_it_says_so() -> None:
    found = samples(
        share={
            "ratio": {"of": {"measure": "scored"}, "to": {"measure": "scored"}, "within": []},
            "labels": {"decision": "decision"},
        }
    )
    np.testing.assert_allclose(np.sum([s.values for s in found], axis=0), 1.0)


def test_a_ratio_of_states_is_of_the_moment() -> None:
    ratio = {"of": {"measure": "usable_free_bytes"}, "to": {"measure": "usable_bytes"}}
    storage = trace().storage
    expected = storage.usable_free / storage.usable_total
    np.testing.assert_allclose(only(ratio=ratio), expected)


def test_a_ratio_to_nothing_is_absent() -> None:
    ratio = {"of": {"measure": "drives_offline"}, "to": {"measure": "drives_offline"}}
    assert np.isnan(only(ratio=ratio)).all()


def test_merged_labels_are_merged_before_they_are_divided() -> None:
    label = {"dimension": "channel", "values": {"branch": "people", "*": "machines"}}
    ratio = {"of": {"measure": "unscored"}, "to": {"measure": "applications"}, "over": "2m"}
    found = samples(r={"ratio": ratio, "labels": {"by": label}})
    counts = trace().requests.applications[:, :3].sum(axis=1)  # web, mobile and partner
    expected = windowed(counts[:, 1:].sum(axis=1)) / windowed(counts.sum(axis=1))
    np.testing.assert_allclose(values_of(found, "r", by="machines"), expected)


def test_a_rate_is_of_the_time_that_is_known() -> None:
    rate = {"of": {"measure": "http_requests"}, "over": "2m", "per": "1m"}
    counts = trace().requests.http.sum(axis=(1, 2, 3))
    seconds = STEP * np.minimum(np.arange(TICKS) + 1, WINDOW_TICKS)
    np.testing.assert_allclose(only(rate=rate), windowed(counts) / seconds * 60.0)


def test_a_mean_is_of_the_events_of_the_latest_time() -> None:
    mean = {"of": {"measure": "http_requests", "where": {"class": "5xx"}}, "over": "2m"}
    requests = trace().requests
    n = windowed(requests.http[:, :, 2].sum(axis=(1, 2)))
    seconds = windowed(requests.http_seconds[:, :, 2].sum(axis=1))
    expected = np.divide(seconds, n, out=np.full(TICKS, np.nan), where=n > 0)
    np.testing.assert_allclose(only(mean=mean), expected, rtol=1e-4)


def test_the_latest_time_is_shorter_where_scenarios_are_compressed() -> None:
    rate = {"of": {"measure": "http_requests"}, "over": "2m"}
    faster = scenario().compressed(8)  # two minutes are a tick then
    found = shown(faster, mapping(one={"rate": rate}), [10])
    run = Simulation(faster, origin=MONDAY, step=STEP).advance(10)
    expected = run.requests.http.sum(axis=(1, 2, 3)) / STEP
    np.testing.assert_allclose(values_of(found, "one"), expected)


# scale and type


def test_what_is_scaled_is_counted_before() -> None:
    found = samples(
        percent={"measure": "auc", "scale": 100, "fold": "max"},
        share={"measure": "auc", "fold": "max"},
        cents_total={"measure": "applications", "scale": 0.01},
        plain_total={"measure": "applications"},
    )
    np.testing.assert_allclose(
        values_of(found, "percent"), 100 * values_of(found, "share"), equal_nan=True
    )
    np.testing.assert_allclose(
        values_of(found, "cents_total"), values_of(found, "plain_total") / 100
    )


def test_a_scaled_histogram_has_the_same_counts_under_scaled_edges() -> None:
    seconds = {"measure": "predictions", "edges": [0.02, 0.033, 1.0]}
    milliseconds = {"measure": "predictions", "edges": [20, 33, 1000], "scale": 1000}
    found = samples(s=seconds, ms=milliseconds)
    s, ms = (one.values for one in found)
    np.testing.assert_array_equal(s[:, :-1], ms[:, :-1])
    np.testing.assert_allclose(1000 * s[:, -1], ms[:, -1])


def test_edges_of_a_scaled_histogram_are_plain_numbers() -> None:
    (one,) = families(ms={"measure": "http_requests", "scale": 1000}).values()
    assert one.edges[:7] == (5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 75.0)


def test_a_histogram_is_a_counter_of_its_events_or_a_summary_of_them() -> None:
    found = samples(
        all={"measure": "http_requests"},
        n={"measure": "http_requests", "type": "counter"},
        both={"measure": "http_requests", "type": "summary"},
    )
    whole, n, both = (one.values for one in found)
    np.testing.assert_array_equal(n, whole[:, -2:-1])
    np.testing.assert_array_equal(both, whole[:, -2:])


# transforms of the score

PER_SCORE: Final[dict[str, Callable[[int], float]]] = {
    "default-probability": Scorecard.probability_of_default,
    "repayment-probability": lambda s: 1 - Scorecard.probability_of_default(s),
    "zero-to-one": lambda s: (s - 300) / 550,
    "confidence": lambda s: max(p := Scorecard.probability_of_default(s), 1 - p),
}


@cache
def counts_of_scores() -> Floats:
    """How many had each score, up to each tick, shape (ticks, scores)."""
    every = [float(score) for score in range(300, 851)]
    parts = [every[:200], every[200:400], every[400:]]
    said = {f"s{i}": {"measure": "scores", "edges": part} for i, part in enumerate(parts)}
    found = zip(samples(**said), parts, strict=True)
    up_to = [one.values[:, : len(part)] for one, part in found]
    return np.diff(np.concatenate(up_to, axis=1), axis=1, prepend=0)


@settings(max_examples=25)
@given(
    st.sampled_from(sorted(PER_SCORE)),
    st.sets(st.integers(1, 1000), min_size=1, max_size=3),
)
def test_a_transform_has_every_score_in_the_bucket_of_what_it_comes_to(
    to: str, thousandths: set[int]
) -> None:
    edges = [one / 1000.0 for one in sorted(thousandths)]
    (one,) = samples(new={"transform": {"to": to}, "edges": edges})
    values = np.array([PER_SCORE[to](score) for score in range(300, 851)])
    for column, edge in enumerate(edges):
        expected = counts_of_scores()[:, values <= edge + 1e-9].sum(axis=1)
        np.testing.assert_array_equal(one.values[:, column], expected)


def test_what_scores_come_to_is_summed_within_their_cells() -> None:
    (one,) = samples(p={"transform": {"to": "zero-to-one"}})
    (scores,) = samples(s={"measure": "scores"})
    n, total = scores.values[:, -2], scores.values[:, -1]
    np.testing.assert_allclose(one.values[:, -1], (total - 300 * n) / 550, rtol=1e-3)


def test_a_constant_is_there_for_each_value_of_its_labels() -> None:
    found = samples(
        build_info={
            "always": {"component": "ml-model"},
            "labels": {"version": "version"},
            "constant": {"commit": "abc"},
        }
    )
    assert [s.labels["version"] for s in found] == list(PLAN.versions)
    assert all((s.values == 1).all() for s in found)
    assert {s.labels["commit"] for s in found} == {"abc"}


# what is remembered

REMEMBERING: Final = mapping(
    events=EVENTS,
    ratio={
        "ratio": {"of": {"measure": "unscored"}, "to": {"measure": "applications"}, "over": "2m"},
        "labels": {"channel": "channel"},
    },
    rate={"rate": {"of": {"measure": "predictions"}, "over": "3m"}, "labels": {"v": "version"}},
    mean={"mean": {"of": {"measure": "predictions"}}, "labels": {"v": "version"}},
    risen={
        "events": {
            "of": {"ratio": {"of": {"measure": "unscored"}, "to": {"measure": "applications"}}},
            "levels": [{"above": 0.02}],
        }
    },
    age={
        "attribute": {"feature": "age", "edges": [30, 50]},
        "labels": {"c": "channel", "d": "decision"},
    },
    pd={
        "transform": {"to": "default-probability"},
        "edges": [0.013, 0.4],
        "labels": {"c": "channel"},
    },
)


@settings(max_examples=15)
@given(st.sets(st.integers(1, TICKS - 1), max_size=4))
def test_where_a_run_is_cut_changes_no_bit(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), TICKS]
    whole, cut = (shown(PLAN, REMEMBERING, n) for n in ([TICKS], np.diff(edges).tolist()))
    for one, other in zip(whole, cut, strict=True):
        np.testing.assert_array_equal(one.values, other.values, err_msg=one.name)


def test_a_run_goes_on_with_the_windows_and_flags_of_the_one_before() -> None:
    first, whole = Export(REMEMBERING, PLAN), Export(REMEMBERING, PLAN)
    run = Simulation(PLAN, origin=MONDAY, step=STEP)
    pieces = [run.advance(n) for n in (20, 28)]
    at_once = joined([whole.samples(piece) for piece in pieces])
    begun = first.samples(pieces[0])
    second = Export(REMEMBERING, PLAN, before=over_a_file(first.left()))
    resumed = joined([begun, second.samples(pieces[1])])
    for one, other in zip(at_once, resumed, strict=True):
        if one.name in {"events", "ratio", "rate", "mean", "risen"}:
            np.testing.assert_array_equal(one.values, other.values, err_msg=one.name)


def test_windows_begin_anew_where_ticks_are_of_another_length() -> None:
    export = Export(REMEMBERING, PLAN)
    export.samples(Simulation(PLAN, origin=MONDAY, step=STEP).advance(20))
    second = Export(REMEMBERING, PLAN, before=over_a_file(export.left()))
    found = joined([second.samples(Simulation(PLAN, origin=MONDAY, step=5.0).advance(3))])
    rates = [s.values for s in found if s.name == "rate" and s.labels["v"] == PLAN.versions[0]]
    assert (rates[0] > 0).all()


def test_a_filter_that_lets_nothing_through_leaves_a_metric_without_series() -> None:
    where = {"version": "0.0.0"}
    found = Export(
        mapping(
            h={"measure": "predictions", "where": where},
            c={"measure": "scored", "where": where},
            r={
                "ratio": {
                    "of": {"measure": "scored", "where": where},
                    "to": {"measure": "scored"},
                }
            },
        ),
        PLAN,
    ).samples(trace())
    assert all(not family.series for family, _ in found)
    assert [len(blocks) for _, blocks in found] == [3, 1, 1]


def test_signals_follow_the_measures_inside() -> None:
    found = signals_of(
        mapping(
            a={"flag": {"of": {"measure": "psi"}, "above": 1}},
            b={"complement": {"flag": {"of": {"measure": "set_health"}, "equal": 1}}},
            c={"transform": {"to": "confidence"}},
        )
    )
    assert found == {"a": "drift", "b": "write-quorum"}
