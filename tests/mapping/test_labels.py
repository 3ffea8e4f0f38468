"""How labels are written."""

from typing import Any

import numpy as np
import pytest

from simulator.mapping.export import Export
from simulator.metrics.families import Family
from simulator.simulation.engine import Simulation
from tests.support.mapped import STEP, joined, mapping
from tests.support.scenario_builders import MONDAY, scenario

PLAN = scenario()


def family(label: str | dict[str, Any], **metric: Any) -> Family:  # noqa: ANN401 - a file's own values
    of = metric or {"measure": "scored"}
    (one,) = Export(mapping(m={**of, "labels": {"x": label}}), PLAN).families
    return one


@pytest.mark.parametrize(
    ("label", "texts"),
    [
        ("decision", ["accepted", "review", "refused"]),
        ({"dimension": "decision"}, ["accepted", "review", "refused"]),
        ({"dimension": "decision", "case": "upper"}, ["ACCEPTED", "REVIEW", "REFUSED"]),
        (
            {"dimension": "decision", "values": {"accepted": "OK", "*": "Ko"}, "case": "lower"},
            ["ok", "ko"],
        ),
        ({"dimension": "decision", "values": {"review": "look"}}, ["accepted", "look", "refused"]),
        (
            {"dimension": "decision", "template": "a/{decision}"},
            ["a/accepted", "a/review", "a/refused"],
        ),
        ({"template": "all"}, ["all"]),
        (
            {
                "dimension": "decision",
                "template": "{decision} of {decision}",
                "values": {"*": "no", "accepted": "yes"},
            },
            ["yes of yes", "no of no"],
        ),
        (
            {"template": "{decision}.{decision}", "case": "upper"},
            ["ACCEPTED.ACCEPTED", "REVIEW.REVIEW", "REFUSED.REFUSED"],
        ),
    ],
)
def test_values_are_written_as_a_label_says(label: str | dict[str, Any], texts: list[str]) -> None:
    assert [text for (text,) in family(label).series] == texts


def test_a_template_can_name_several_dimensions() -> None:
    found = family({"template": "{method} {route}"}, measure="http_requests")
    assert ("GET /v1/models",) in found.series
    assert len(found.series) == 7


def test_what_is_written_alike_is_one_series() -> None:
    label = {"dimension": "decision", "values": {"accepted": "yes", "*": "no"}}
    metrics = mapping(
        merged={"measure": "scored", "labels": {"x": label}},
        apart={"measure": "scored", "labels": {"x": "decision"}},
    )
    trace = Simulation(PLAN, origin=MONDAY, step=STEP).advance(5)
    yes, no, accepted, review, refused = (
        s.values for s in joined([Export(metrics, PLAN).samples(trace)])
    )
    np.testing.assert_array_equal(yes, accepted)
    np.testing.assert_array_equal(no, review + refused)


def test_what_is_written_as_nothing_has_no_such_label() -> None:
    label = {"dimension": "decision", "values": {"accepted": ""}}
    found = family(label)
    assert found.series[0] == ("",)
