"""Plans made with a laboratory whose panels follow from the episodes by a formula."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.coverage.plan.planning import Plan, plan_scenario
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.kinds.broker_loss import BrokerLoss
from simulator.scenario.kinds.counter_reset import CounterReset
from simulator.scenario.kinds.error_answers import Errors
from simulator.scenario.kinds.exporter_glitch import ExporterGlitch
from simulator.scenario.kinds.model_release import ModelRelease
from simulator.scenario.kinds.overload import Overload
from simulator.scenario.loading import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.rules import problems
from tests.support.plan_laboratory import MadeUpLaboratory, MadeUpPanel, turned_by


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load_scenario("tour")


def planned(base: Scenario, *panels: MadeUpPanel) -> Plan:
    plan = plan_scenario(base, MadeUpLaboratory(panels))
    assert problems(plan.scenario) == []
    return plan


def unreached(plan: Plan) -> list[str]:
    return [str(one) for one in plan.unreached]


error_ratio = turned_by("errors", "ratio", calm=0.0, gain=1.0)


def test_every_step_of_a_panel_is_reached(base: Scenario) -> None:
    panel = MadeUpPanel("Errors", error_ratio, ((0.01, "orange"), (0.05, "red")))

    plan = planned(base, panel)

    assert plan.is_complete
    assert {str(goal) for goal in plan.reached} == {
        "Errors: green",
        "Errors: orange",
        "Errors: red",
    }


@settings(max_examples=8)
@given(low=st.floats(0.004, 0.6), width=st.floats(0.06, 0.5))
def test_the_middle_of_a_narrow_band_is_found(low: float, width: float) -> None:
    high = low * (1.0 + width)
    panel = MadeUpPanel("Errors", error_ratio, ((low, "orange"), (high, "red")))

    plan = planned(load_scenario("tour"), panel)

    ratios = [e.ratio for e in plan.scenario.of_kind(Errors)]
    inside = [ratio for ratio in ratios if low <= ratio < high]
    assert plan.is_complete
    assert min(abs(ratio - (low + high) / 2) for ratio in inside) < 0.35 * (high - low)


def test_levers_in_whole_numbers_stay_whole(base: Scenario) -> None:
    level = turned_by("broker-loss", "brokers", calm=0.0, gain=1.0)
    panel = MadeUpPanel("Brokers down", level, ((2.5, "orange"), (3.5, "red")))

    plan = planned(base, panel)

    assert plan.is_complete
    assert 3 in [e.brokers for e in plan.scenario.of_kind(BrokerLoss)]


def test_a_step_between_two_whole_numbers_is_out_of_reach(base: Scenario) -> None:
    level = turned_by("broker-loss", "brokers", calm=0.0, gain=1.0)
    panel = MadeUpPanel("Brokers down", level, ((2.4, "orange"), (2.9, "red")))

    plan = planned(base, panel)

    assert not plan.is_complete
    (said,) = unreached(plan)
    assert said.startswith("Brokers down: orange: out of reach (2.4 to 2.9): the nearest of ")
    assert said.endswith(" was 3 with broker-loss (brokers 3), 0.1 away")


def test_one_incident_serves_all_panels_it_can(base: Scenario) -> None:
    panels = [MadeUpPanel(f"Errors {n}", error_ratio, ((0.05 * n, "orange"),)) for n in range(1, 5)]

    plan = planned(base, *panels)

    assert plan.is_complete
    assert len(plan.scenario.episodes) == 1


def test_the_calm_platform_needs_no_incident_for_what_it_shows(base: Scenario) -> None:
    plan = planned(base, MadeUpPanel("Up", lambda _: 1.0, ((0.5, "blue"), (1.5, "red"))))

    assert plan.scenario.episodes == ()
    assert [str(one.goal) for one in plan.unreached] == ["Up: green", "Up: red"]


def test_a_step_beyond_all_incidents_is_named_with_the_nearest_value(base: Scenario) -> None:
    panels = [
        MadeUpPanel("Errors", error_ratio, ((0.1, "orange"), (1.1, "red"))),
        MadeUpPanel("Nodes", turned_by("node-loss", "nodes", calm=0.0, gain=1.0), ((2.0, "red"),)),
    ]

    plan = planned(base, *panels)

    (said,) = unreached(plan)
    assert said.startswith("Errors: red: out of reach (1.1 or more): the nearest of ")
    assert said.endswith(" was 0.95 with errors (status 500, ratio 0.95), 0.15 away")
    assert len(plan.reached) == 4


def test_a_band_without_values_is_said_to_be_empty(base: Scenario) -> None:
    plan = planned(base, MadeUpPanel("Errors", error_ratio, ((0.05, "orange"), (0.02, "red"))))

    assert unreached(plan) == [
        "Errors: orange: no value is on it: the step after it begins at or below"
    ]


def test_a_query_that_fails_is_named_with_what_prometheus_said(base: Scenario) -> None:
    plan = planned(
        base,
        MadeUpPanel("Broken", error_ratio, error='bad_data: parse error (asked "sum(")'),
        MadeUpPanel("Errors", error_ratio, ((0.05, "orange"),)),
    )

    assert unreached(plan) == ['Broken: data: ERROR: bad_data: parse error (asked "sum(")']
    assert len(plan.reached) == 2


def test_a_panel_without_data_in_health_gets_the_incident_that_gives_it_some(
    base: Scenario,
) -> None:
    def canary(episode: EpisodeBase | None) -> float:
        return 0.7 if isinstance(episode, ModelRelease) else math.nan

    plan = planned(base, MadeUpPanel("Canary", canary))

    assert plan.is_complete
    assert [e.kind for e in plan.scenario.episodes] == ["model-release"]


def test_a_panel_that_never_has_data_is_said_so(base: Scenario) -> None:
    plan = planned(base, MadeUpPanel("Ghost", lambda _: math.nan, ((1.0, "red"),)))

    assert [said.partition(" under")[0] for said in unreached(plan)] == [
        "Ghost: green: no data, in health or",
        "Ghost: red: no data, in health or",
    ]


def test_what_no_incident_changes_is_told_before_any_is_tried(base: Scenario) -> None:
    unknown = "unknown-metric: there is no metric 'request_total'"
    ghost = MadeUpPanel("Ghost", lambda _: math.nan, ((1.0, "red"),), absence=unknown)
    laboratory, told = MadeUpLaboratory([ghost]), list[tuple[str, int]]()

    plan_scenario(base, laboratory, tell=lambda one: told.append((str(one), len(laboratory.runs))))

    assert told == [(f"Ghost: green: {unknown}", 1), (f"Ghost: red: {unknown}", 1)]
    assert [len(scenarios) for scenarios in laboratory.runs] == [1, 1]  # in health, and the proof


def test_no_more_models_are_released_than_fit(base: Scenario) -> None:
    def worse(episode: EpisodeBase | None) -> float:
        return episode.coefficients["ficp_flag"] if isinstance(episode, ModelRelease) else math.nan

    steps = tuple((-2.0 + n / 2, f"step-{n}") for n in range(6))
    plan = planned(base, MadeUpPanel("Canary", worse, steps))

    assert len(plan.scenario.releases) == 3
    assert len(plan.unreached) == 4


def test_what_fails_among_the_others_is_reached_otherwise(base: Scenario) -> None:
    def level(episode: EpisodeBase | None) -> float:
        if isinstance(episode, Errors):
            return episode.ratio
        return episode.workers_lost_ratio if isinstance(episode, Overload) else 0.0

    laboratory = MadeUpLaboratory([MadeUpPanel("Pain", level, ((0.5, "red"),))], unproven="errors")
    plan = plan_scenario(base, laboratory)

    assert plan.is_complete
    assert [e.kind for e in plan.scenario.episodes] == ["overload"]


def test_what_only_works_alone_is_said_so(base: Scenario) -> None:
    panel = MadeUpPanel("Errors", error_ratio, ((0.5, "red"),))
    plan = plan_scenario(base, MadeUpLaboratory([panel], unproven="errors"))

    (said,) = unreached(plan)
    assert said.endswith("by itself, but not in the scenario, between the others")


def test_the_same_input_gives_the_same_plan(base: Scenario) -> None:
    panel = MadeUpPanel("Errors", error_ratio, ((0.011, "orange"), (0.014, "red")))

    assert planned(base, panel).scenario == planned(base, panel).scenario


def test_every_episode_says_what_it_is_for(base: Scenario) -> None:
    plan = planned(base, MadeUpPanel("Errors", error_ratio, ((0.05, "orange"), (0.2, "red"))))

    assert {e.name for e in plan.scenario.episodes} == set(plan.purposes)
    assert [str(t) for goals in plan.purposes.values() for t in goals] == [
        "Errors: orange",
        "Errors: red",
    ]


def test_each_stage_of_the_progress_names_the_trials_that_it_is_of(base: Scenario) -> None:
    panel = MadeUpPanel("Errors", error_ratio, ((0.01, "orange"), (0.05, "red")))
    stages: list[str] = []

    plan_scenario(base, MadeUpLaboratory([panel]), report=lambda now: stages.append(now.stage))

    healthy, first, *_, rehearsal, proof = stages
    assert healthy == "the healthy platform: panels"
    assert re.fullmatch(r"round 1: \d+ trials for 2 open steps: panels", first)
    assert rehearsal == "rehearsal: 2 trials with another seed: panels"
    assert proof == "proof: 2 episodes: panels"


def lag_of(one: EpisodeBase | None) -> float:
    """Of a healthy group, which an exporter may show as less than nothing."""
    if isinstance(one, ExporterGlitch):
        return {"negative": -20.0, "no-commit": -1.0, "vanish": math.nan}[one.form]
    return 40.0


def test_a_step_below_zero_takes_a_glitch_of_the_exporter(base: Scenario) -> None:
    plan = planned(base, MadeUpPanel("Lag", lag_of, ((0.0, "orange"), (1e9, "red"))))

    assert {str(goal) for goal in plan.reached} == {"Lag: green", "Lag: orange"}
    assert {e.kind for e in plan.scenario.episodes} == {"exporter-glitch"}


def test_what_an_incident_does_as_well_takes_no_restart(base: Scenario) -> None:
    def failures(one: EpisodeBase | None) -> float:
        if one is None:
            return 0.0
        return 1.0 if isinstance(one, (CounterReset, Errors)) else 0.1

    plan = planned(base, MadeUpPanel("Failures", failures, ((0.5, "red"),)))

    assert plan.is_complete
    assert {e.kind for e in plan.scenario.episodes} == {"errors"}
