"""What a form cannot be made of is refused with its place and the reason."""

from typing import Any

import pytest

from simulator.errors import MappingError
from tests.support.mapped import mapping

PSI = {"measure": "psi"}
SCORED = {"measure": "scored"}
LEVEL = {"level": "level"}
HTTP = {"measure": "http_requests"}


def refusals(metric: dict[str, Any], **others: dict[str, Any]) -> str:
    with pytest.raises(MappingError) as refused:
        mapping(**others, m=metric)
    return str(refused.value)


@pytest.mark.parametrize(
    ("metric", "place", "reason"),
    [
        ({"union": [SCORED, PSI]}, "union.1", "is a state, and the first of them is a count"),
        (
            {"union": [{"measure": "auc"}, {"measure": "brokers"}]},
            "union.1",
            "is of kafka-exporter, and the first of them is of ml-model",
        ),
        ({"union": [SCORED]}, "union", "needs at least 2"),
        (
            {"union": [SCORED, {**SCORED, "labels": {"a": "reason"}}]},
            "union.1.labels.a",
            "scored cannot be told apart by 'reason'",
        ),
        (
            {"union": [SCORED, {**SCORED, "labels": {"a": "level"}, "constant": {"a": "x"}}]},
            "union.1.constant.a",
            "is a label of a dimension, too",
        ),
        ({"union": [SCORED, {"measure": "nothing"}]}, "union.1.measure", "there is no measure"),
        ({"union": [SCORED, {}]}, "union.1", "write exactly one of"),
        ({"flag": {"of": SCORED, "above": 1}}, "flag.of", "is a count, and flag needs a state"),
        ({"flag": {"of": PSI}}, "flag", "write at least one of above"),
        ({"flag": {"of": PSI, "above": float("nan")}}, "flag.above", "finite number"),
        ({"flag": {"of": {**PSI, "measure": "psy"}, "above": 1}}, "flag.of.measure", "'psi'?"),
        ({"complement": HTTP}, "complement", "is a histogram, and complement needs a state"),
        ({"mean": {"of": SCORED}}, "mean.of", "is a count, and only events that have a size"),
        ({"rate": {"of": PSI}}, "rate.of", "only events have a rate"),
        ({"rate": {"of": SCORED, "over": "2h"}}, "rate.over", "at most 3600s"),
        ({"rate": {"of": SCORED, "over": 5}}, "rate.over", "write a duration with its unit"),
        ({"ratio": {"of": SCORED, "to": PSI}}, "ratio", "divides a count by a state"),
        (
            {
                "ratio": {"of": SCORED, "to": SCORED, "within": ["levl"]},
                "labels": {"level": "level"},
            },
            "ratio.within",
            "'levl' is no label of the metric; did you mean 'level'?",
        ),
        (
            {"ratio": {"of": SCORED, "to": {"attribute": {"feature": "age", "edges": [30]}}}},
            "ratio.to",
            "is told apart by age, and what is divided is not",
        ),
        (
            {"ratio": {"of": SCORED, "to": {"measure": "unscored"}}, "labels": {"l": "level"}},
            "labels.l",
            "unscored cannot be told apart by 'level'",
        ),
        (
            {"count": {"of": PSI, "by": ["channel"], "above": 1}},
            "count.by",
            "psi cannot be told apart by 'channel'",
        ),
        (
            {"events": {"of": PSI, "levels": [{"above": 1}, {"above": 2}]}},
            "events.levels.1.labels",
            "is labelled as a level before it",
        ),
        (
            {
                "events": {"of": PSI, "levels": [{"above": 1, "labels": {"f": "x"}}]},
                "labels": {"f": "feature"},
            },
            "events.levels.0.labels.f",
            "is a label of the metric, too",
        ),
        (
            {
                "events": {"of": PSI, "levels": [{"above": 1, "labels": {"f": "x"}}]},
                "constant": {"f": "y"},
            },
            "constant.f",
            "is a label that events has",
        ),
        (
            {"attribute": {"feature": "age", "edges": [30], "names": ["young"]}},
            "attribute.names",
            "1 edges make 2 ranges",
        ),
        (
            {"attribute": {"feature": "age", "edges": list(range(20))}},
            "attribute.edges",
            "at most 19 of them",
        ),
        (
            {"attribute": {"feature": "agge", "edges": [30]}},
            "attribute.feature",
            "did you mean 'age'?",
        ),
        (
            {"attribute": {"feature": "age", "edges": [30]}, "labels": {"age": "version"}},
            "attribute.label",
            "age is a label of the metric, too",
        ),
        (
            {"attribute": {"feature": "age", "edges": [30]}, "labels": {"r": "reason"}},
            "labels.r",
            "scored cannot be told apart by 'reason'",
        ),
        ({"transform": {"to": "confidense"}}, "transform.to", "did you mean 'confidence'?"),
        (
            {"always": {"component": "minio"}, "labels": {"a": "nothing"}},
            "labels.a",
            "there is no dimension 'nothing'",
        ),
        (
            {"flag": {"of": PSI, "above": 1}, "where": {"version": "1"}},
            "where",
            "stands with a measure, and not with flag",
        ),
        (
            {"union": [SCORED, SCORED], "no_version": "drop"},
            "no_version",
            "stands with a measure, and not with union",
        ),
        (
            {"flag": {"of": PSI, "above": 1}, "fold": "max"},
            "fold",
            "flag is of what is folded already",
        ),
        ({"union": [PSI, PSI], "fold": "production"}, "fold", "only a measure has the value"),
        ({**SCORED, **HTTP, "type": "gauge"}, "type", "how many there are is a counter"),
        ({**PSI, "type": "counter"}, "type", "a state is a gauge (found 'counter')"),
        ({**PSI, "type": "summary"}, "type", "a state is a gauge (found 'summary')"),
        ({**SCORED, "type": "summary"}, "type", "events that have no size"),
        ({**SCORED, "edges": [1]}, "edges", "only a histogram has buckets"),
        ({**HTTP, "edges": [1], "type": "counter"}, "edges", "only a histogram has buckets"),
        ({**HTTP, "edges": [2, 1]}, "edges", "edges must rise, and 1 comes after 2"),
        ({**PSI, "scale": 0}, "scale", "should be at least"),
        (
            {"measure": "s3_first_byte", "labels": {"api": "api"}},
            "labels",
            "s3_first_byte does not add up over le",
        ),
        ({**PSI, "flag": {"of": PSI, "above": 1}}, "", "it has measure and flag"),
    ],
)
def test_it_is_refused_with_place_and_reason(
    metric: dict[str, Any], place: str, reason: str
) -> None:
    said = refusals(metric)
    (line,) = [line for line in said.splitlines() if reason in line] or [said]
    assert reason in line
    assert line.startswith(f"written: metrics.m{place and '.'}{place}: ")


@pytest.mark.parametrize(
    ("label", "place", "reason"),
    [
        ({}, "", "says neither dimension nor template"),
        ({"template": "{decision}-{Level}"}, ".template", "has a brace that is round no dimension"),
        ({"template": "x{decision", "dimension": "decision"}, ".template", "has a brace"),
        ({"template": "x", "dimension": "decision"}, ".template", "has no {decision}"),
        ({"template": "x", "values": {"*": "y"}}, ".values", "are those of a dimension"),
        (
            {"dimension": "decision", "values": {"acepted": "yes"}},
            ".values.acepted",
            "there is no decision 'acepted', but accepted, review, refused; did you mean 'acc",
        ),
        ({"dimension": "desision"}, "", "did you mean 'decision'?"),
        ({"dimension": "decision", "case": "title"}, ".case", "should be"),
    ],
)
def test_a_label_that_cannot_be_written_is_refused(
    label: dict[str, Any], place: str, reason: str
) -> None:
    of_metric = refusals({**SCORED, "labels": {"d": label}})
    of_part = refusals({"union": [SCORED, {**SCORED, "labels": {"d": label}}]})
    assert any(reason in s for s in of_metric.splitlines() if f"metrics.m.labels.d{place}" in s)
    path = f"metrics.m.union.1.labels.d{place}"
    assert any(reason in s for s in of_part.splitlines() if path in s)


def test_ranges_of_an_attribute_are_the_same_in_all_metrics() -> None:
    ages = {"attribute": {"feature": "age", "edges": [30, 50]}}
    other = {"rate": {"of": {"attribute": {"feature": "age", "edges": [40]}}}}
    said = refusals(other, first=ages)
    assert (
        "metrics.m.rate.of.attribute.edges: age has one set of ranges, and "
        "metrics.first.attribute has 30, 50" in said
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    said = refusals({"flag": {"of": SCORED, "above": 1}}, other={"rate": {"of": PSI}})
    assert len(said.splitlines()) == 2
