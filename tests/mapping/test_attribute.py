"""Scored applications by an attribute of the applicant."""

from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.mapping.export import Export
from simulator.scenario.vocabulary import FEATURES, Feature
from simulator.simulation.applicants import applicants, correlated_normals
from simulator.simulation.arrays import Floats, Ints
from simulator.simulation.attribute_shares import AttributeShares
from simulator.simulation.engine import Simulation, scorecards
from simulator.simulation.population import Population
from simulator.simulation.scorecard import N_CELLS, Scorecard, cells
from simulator.simulation.trace import Trace
from tests.support.mapped import STEP, Shown, joined, mapping
from tests.support.scenario_builders import MONDAY, episode, scenario
from tests.support.tolerances import assert_shares

AGES: Final = (25.0, 35.0, 50.0)
PLAN: Final = scenario(
    episode("population-shift", preset="recession", start="2m", duration="6m"),
    episode("model-release", version="9.9.9", canary_for="5m", start="1m", duration="9m"),
)
TICKS: Final = 40


@cache
def trace() -> Trace:
    return Simulation(PLAN, origin=MONDAY, step=STEP).advance(TICKS)


@cache
def people() -> Floats:
    """Real applicants, shape (applicants, features)."""
    return applicants(correlated_normals(np.random.default_rng(5).normal(size=(400_000, 12))))


@cache
def cells_of_people() -> Ints:
    return cells(Scorecard().scores(people()))


def samples(**metrics: dict[str, Any]) -> list[Shown]:
    return joined([Export(mapping(**metrics), PLAN).samples(trace())])


def total(series: list[Shown], name: str, **labels: str) -> Floats:
    return np.sum(
        [s.values for s in series if s.name == name and labels.items() <= s.labels.items()], axis=0
    )


@settings(max_examples=15)
@given(
    st.sets(st.sampled_from(["version", "channel", "level", "decision"]), max_size=3),
    st.sets(st.sampled_from(["version", "channel", "level", "decision"]), max_size=3),
)
def test_totals_over_any_labels_agree(one: set[str], other: set[str]) -> None:
    said = {"attribute": {"feature": "age", "edges": list(AGES)}}
    found = samples(
        one={**said, "labels": {name: name for name in sorted(one)}},
        other={**said, "labels": {name: name for name in sorted(other)}},
        scored={"measure": "scored", "labels": {name: name for name in sorted(one)}},
    )
    for age in ("<=25", "25-35", "35-50", ">50"):
        np.testing.assert_array_equal(total(found, "one", age=age), total(found, "other", age=age))
    for series in (s for s in found if s.name == "scored"):
        labels = {name: series.labels[name] for name in one}
        np.testing.assert_array_equal(total(found, "one", **labels), series.values)


def test_ranges_have_the_names_and_the_label_that_they_are_given() -> None:
    said = {"feature": "home_owner", "edges": [0.5], "label": "owner", "names": ["no", "yes"]}
    found = samples(m={"attribute": said, "where": {"decision": "accepted"}})
    assert [s.labels["owner"] for s in found] == ["no", "yes"]
    accepted = samples(m={"measure": "scored", "where": {"decision": "accepted"}})
    np.testing.assert_array_equal(total(found, "m"), accepted[0].values)


@pytest.mark.parametrize(("feature", "edges"), [("age", AGES), ("home_owner", (0.5,))])
def test_shares_within_a_score_cell_are_those_of_real_applicants(
    feature: Feature, edges: tuple[float, ...]
) -> None:
    column = FEATURES.index(feature)
    of_values = np.searchsorted(edges, people()[:, column], side="left")
    counts = np.zeros((N_CELLS, len(edges) + 1))
    np.add.at(counts, (cells_of_people(), of_values), 1)
    shares, _ = AttributeShares(Population((), scorecards(scenario())), column, edges).shares(
        np.zeros((1, 0))
    )
    for at in (20, 28, 34, 40, 46):
        assert_shares(counts[at], shares[0, 0, at])


def test_shares_that_forget_the_score_are_told_apart_from_real_applicants() -> None:
    age = np.searchsorted(AGES, people()[:, FEATURES.index("age")], side="left")
    marginal = np.bincount(age, minlength=4) / len(age)
    with pytest.raises(AssertionError):
        assert_shares(np.bincount(age[cells_of_people() == 28], minlength=4), marginal)


def test_a_shift_of_the_people_shifts_their_attribute() -> None:
    edges = [900.0, 1500.0, 2500.0]
    found = samples(m={"attribute": {"feature": "net_income", "edges": edges}})
    poor = np.diff(total(found, "m", net_income="<=900")[:, 0])
    every = np.diff(total(found, "m")[:, 0])
    before, within = slice(0, 6), slice(12, 30)
    share = poor[before].sum() / every[before].sum()
    assert poor[within].sum() / every[within].sum() > 1.3 * share
