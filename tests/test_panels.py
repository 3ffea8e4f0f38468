"""What every panel shows under the library's two main scenarios, read from the Trace."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from simulator.mapping.loading import default_mapping
from simulator.metrics.families import FamilySamples
from simulator.scenario.kinds.instance_loss import InstanceLoss
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from simulator.simulation.trace import Trace
from tests.support.dense_day import dense_day
from tests.support.exported import exposed, samples_from_start
from tests.support.panels import Field, fields, increase

pytestmark = pytest.mark.slow  # statistics over seeds and days

ORIGIN = 1_790_000_000.0
EVENING = 1_767_571_200.0 + 17.75 * 3600.0  # an hour before a replica dies on call
STEP_SECONDS = 15.0
WINDOW_SECONDS = 900.0
WINDOW_TICKS = round(WINDOW_SECONDS / STEP_SECONDS)
# By nature the same on every day: sizes of the cluster and what follows from its layout.
CONSTANT = {
    "kafka_exporter_build_info",
    "kafka_topic_partitions",
    "kafka_topic_partition_replicas",
    "minio_cluster_bucket_total",
    "minio_cluster_drive_total",
    "minio_node_drive_total",
    "minio_cluster_write_quorum",
    "minio_cluster_health_erasure_set_read_quorum",
    "minio_cluster_health_erasure_set_write_quorum",
}


def simulated(name: str, seed: int) -> Trace:
    scenario = load_scenario(name).model_copy(update={"seed": seed})
    simulation = Simulation(scenario, origin=ORIGIN, step=STEP_SECONDS)
    return simulation.advance(round(scenario.duration / STEP_SECONDS))


#: What several tests look at: the calm days, and the tour.
day = lru_cache(maxsize=5)(simulated)


def settled(field: Field) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    return field.colours()[WINDOW_TICKS:]


def panel_fields(trace: Trace) -> list[tuple[str, str, Field]]:
    shown = fields(trace, WINDOW_SECONDS)
    return [(panel, name, field) for panel, each in shown.items() for name, field in each.items()]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_field_is_green_99_percent_of_a_calm_day(seed: int) -> None:
    for panel, name, field in panel_fields(day("calm", seed)):
        share = float((settled(field) == "green").mean())
        assert share >= 0.99, f"{panel}: {name} is green {share:.2%}"


@pytest.mark.parametrize(
    ("day", "seed"),
    [
        ("2026-11-08", 1),  # a Sunday
        ("2026-11-11", 2),  # a public holiday, a Wednesday
        ("2026-10-25", 3),  # a Sunday of 25 hours
        ("2026-12-25", 4),
    ],
)
def test_it_is_green_when_branches_are_closed_too(day: str, seed: int) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Paris")).timestamp()
    scenario = load_scenario("calm").model_copy(update={"seed": seed})
    trace = Simulation(scenario, origin=start, step=STEP_SECONDS).advance(5760)
    for panel, name, field in panel_fields(trace):
        share = float((settled(field) == "green").mean())
        assert share >= 0.99, f"{panel}: {name} is green {share:.2%}"


#: What the panels without thresholds are made of.
UNJUDGED = (
    "ml_feature_importance",
    "ml_model_version_info",
    "scoring_requests_total",
    "scoring_credit_score",
    "scoring_risk_level_total",
)


@pytest.mark.parametrize("name", UNJUDGED)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_other_panels_have_data_all_of_a_calm_day(name: str, seed: int) -> None:
    samples = samples_from_start(day("calm", seed))
    (kind,) = (one.family.kind for one in samples if one.family.name == name)
    rows = exposed(samples, name)
    latest = increase(rows, WINDOW_TICKS) if kind != "gauge" else rows
    has_data = np.any(np.nan_to_num(latest) > 0, axis=1)
    assert has_data[WINDOW_TICKS:].all()


@pytest.mark.parametrize("episode", ["concept-drift", "errors", "drive-loss", "population-shift"])
def test_a_day_with_an_incident_is_not_calm(episode: str) -> None:
    colours = [settled(field) for _, _, field in panel_fields(simulated(episode, 1))]
    assert min(float((c[c != "none"] == "green").mean()) for c in colours) < 0.99


@lru_cache(maxsize=1)
def evenings_without_a_replica() -> tuple[Field, ...]:
    """The success rate of forty evenings on which a quarter is turned away for half a minute."""
    on_call = dense_day()
    gone = on_call.of_kind(InstanceLoss)[0].model_copy(update={"start": 3600.0})
    evenings = []
    for day in range(40):
        scenario = on_call.model_copy(update={"seed": day, "episodes": (gone,)})
        simulation = Simulation(scenario, origin=EVENING + day * 86_400.0, step=STEP_SECONDS)
        (success,) = fields(simulation.advance(480), WINDOW_SECONDS)[
            "Scoring Success Rate"
        ].values()
        evenings.append(success)
    return tuple(evenings)


def alarms(success: Field) -> bool:
    """Whether it is orange for so long that an alert of 3 minutes fires."""
    orange = "".join("x" if colour == "orange" else " " for colour in settled(success))
    return max(map(len, orange.split()), default=0) * STEP_SECONDS > 180.0


def test_a_replica_that_dies_is_found_nearly_always() -> None:
    assert sum(map(alarms, evenings_without_a_replica())) >= 36


def test_a_limit_of_what_is_agreed_would_find_fewer() -> None:
    agreed = [replace(one, orange=0.99) for one in evenings_without_a_replica()]
    assert sum(map(alarms, agreed)) < 34


def colours_seen(panel: str) -> set[str]:
    each = fields(day("tour", 1), WINDOW_SECONDS)[panel].values()
    return {str(c) for field in each for c in np.unique(settled(field))} - {"none"}


PANELS = (
    "Model Performance Overview",
    "Prediction Latency",
    "Model Drift Detection",
    "Scoring Success Rate",
    "API Response Times",
    "Data Pipeline Health",
    "Compliance Violations per 10,000",
)


@pytest.mark.parametrize("panel", PANELS)
def test_the_tour_brings_a_panel_through_each_of_its_steps(panel: str) -> None:
    assert colours_seen(panel) == {"green", "orange", "red"}


@pytest.mark.parametrize("panel", PANELS)
def test_the_tour_brings_a_panel_back_to_green(panel: str) -> None:
    each = fields(day("tour", 1), WINDOW_SECONDS)[panel].values()
    # a model version that was rolled back shows nothing any more
    assert {str(settled(field)[-1]) for field in each} - {"none"} == {"green"}


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("lag", {"green", "orange", "red"}),
        ("under-replicated", {"green", "orange"}),
        ("below min ISR", {"green", "red"}),
        ("drives offline", {"green", "orange"}),
        ("quorum", {"green", "red"}),
        ("free", {"green", "orange", "red"}),
    ],
)
def test_the_tour_exercises_each_step_of_the_pipeline(name: str, steps: set[str]) -> None:
    field = fields(day("tour", 1), WINDOW_SECONDS)["Data Pipeline Health"][name]
    assert set(np.unique(settled(field))) == steps


def red_share(trace: Trace, panel: str) -> float:
    each = fields(trace, WINDOW_SECONDS)[panel].values()
    return float(np.any([settled(f) == "red" for f in each], axis=0).mean())


@pytest.mark.parametrize(
    ("muted", "panel"),
    [
        ("reasons-vanish", "Model Performance Overview"),
        ("feature-store-very-slow", "Prediction Latency"),
    ],
)
def test_without_its_episode_a_panel_is_hardly_ever_red(muted: str, panel: str) -> None:
    tour = load_scenario("tour").muted(muted)
    quiet = Simulation(tour, origin=ORIGIN, step=STEP_SECONDS).advance(5760)
    # a window of 5 000 labels is noisy enough to touch red now and then
    assert red_share(quiet, panel) < 0.01
    assert red_share(day("tour", 1), panel) > 0.05


@lru_cache(maxsize=1)
def of_the_tour() -> tuple[FamilySamples, ...]:
    return samples_from_start(day("tour", 1))


@pytest.mark.parametrize("name", default_mapping().metrics)
def test_every_metric_has_values_on_the_tour_and_changes_unless_it_is_a_size(name: str) -> None:
    rows = exposed(of_the_tour(), name)
    rows = np.where(np.isnan(rows), -1.0, rows)
    assert rows.shape[1] > 0
    assert bool((rows != rows[0]).any()) != (name in CONSTANT)
