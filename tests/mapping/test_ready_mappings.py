"""Ready mappings: dashboards in their style find what they ask for, and it moves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.coverage.causes.beyond_chance import counters_beyond_chance, levels_beyond_chance
from simulator.mapping.chosen import chosen_draw
from simulator.mapping.export import Export
from simulator.mapping.loading import DEFAULT, library_names, load_mapping
from simulator.promql.labels import label_flow
from simulator.simulation.engine import Simulation
from tests.support.ready_boards import BOARDS, board
from tests.support.scenario_builders import MONDAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.metrics.families import Family, FamilySamples
    from simulator.promql.selectors import Selector

#: A day in ticks of a minute, looked at in windows of an hour, so that short incidents show.
STEP, N_TICKS, WINDOW = 60.0, 1440, 60
JOB_LABELS = frozenset({"job", "instance"})
#: What no incident moves: how a platform is built, and counts of what it never has.
FIXED: Final[Mapping[str, frozenset[str]]] = {
    "python_info": frozenset(),
    "process_max_fds": frozenset(),
    "db_connection_pool_max": frozenset(),
    "kafka_exporter_build_info": frozenset(),
    "kafka_topic_partitions": frozenset(),
    "kafka_topic_partition_replicas": frozenset(),
    "minio_cluster_drive_total": frozenset(),
    "minio_node_drive_total": frozenset(),
    "minio_cluster_write_quorum": frozenset(),
    "minio_cluster_health_erasure_set_read_quorum": frozenset(),
    "minio_cluster_health_erasure_set_write_quorum": frozenset(),
    "minio_cluster_bucket_total": frozenset(),
    "minio_system_drive_count": frozenset(),
    "minio_cluster_health_drives_count": frozenset(),
    "minio_cluster_usage_objects_buckets_count": frozenset(),
    "minio_cluster_erasure_set_overall_write_quorum": frozenset(),
    "minio_cluster_erasure_set_read_quorum": frozenset(),
    "minio_cluster_erasure_set_write_quorum": frozenset(),
    # only requests that are really sent are cut off or too long
    "http_requests_total": frozenset({"408", "413"}),
}
#: Sizes that the archive and backups have none of.
NO_SIZES: Final = frozenset(
    {
        "LESS_THAN_1024_B",
        "BETWEEN_256_KB_AND_512_KB",
        "BETWEEN_512_KB_AND_1_MB",
        "BETWEEN_1_MB_AND_10_MB",
        "BETWEEN_10_MB_AND_64_MB",
        "BETWEEN_64_MB_AND_128_MB",
        "GREATER_THAN_512_MB",
    }
)
NOTHING: Final = "nothing"
each_ready = pytest.mark.parametrize("name", BOARDS)


def test_every_mapping_but_this_projects_own_has_a_dashboard_here() -> None:
    assert [name for name in library_names() if name != DEFAULT] == BOARDS


@cache
def samples(
    name: str, seed: int, *, of: str = "tour", only: str | None = None
) -> dict[tuple[str, str], FamilySamples]:
    """What is shown of a scenario; with `only`, of one in which all other episodes are mute."""
    mapping = load_mapping(name)
    plan = chosen_draw(of, mapping, origin=0.0, seed=seed).scenario
    if only is not None:
        plan = plan.muted(*(e.name for e in plan.episodes if e.kind != only))
    trace = Simulation(plan, origin=MONDAY, step=STEP).advance(N_TICKS)
    return {(s.family.name, s.family.job): s for s in Export(mapping, plan).samples(trace)}


def families(name: str) -> dict[str, Family]:
    """Families by the names of their samples."""
    plan = chosen_draw("calm", load_mapping(name), origin=0.0).scenario
    found = Export(load_mapping(name), plan).families
    return {f"{family.name}{part.suffix}": family for family in found for part in family.parts}


@each_ready
def test_all_that_the_dashboard_and_its_alerts_ask_for_is_there(name: str) -> None:
    by_name = families(name)

    def labels_of(selector: Selector) -> frozenset[str] | None:
        family = by_name.get(selector.metric)
        if family is None:
            return None
        le = {"le"} if selector.metric.endswith("_bucket") else set()
        return frozenset({*family.labels, *le}) | JOB_LABELS

    for query in board(name).queries:
        flow = label_flow(query, labels_of)
        assert flow.missed == (), query
        for one in flow.selectors:
            family = by_name[one.metric]
            pairs = (dict(zip(family.labels, row, strict=True)) for row in family.series)
            assert any(one.picks(one.metric, labels) for labels in pairs), query


@each_ready
def test_every_metric_of_its_own_is_described(name: str) -> None:
    for metric, family in families(name).items():
        assert len(family.help) > 10, metric


def can_move(family: Family, labels: tuple[str, ...]) -> bool:
    if family.name in FIXED:
        fixed = FIXED[family.name]
        return bool(fixed) and fixed.isdisjoint(labels)
    backups = "backups" in labels and "BETWEEN_128_MB_AND_512_MB" not in labels
    is_size = "range" in family.labels
    return not (is_size and (backups or not NO_SIZES.isdisjoint(labels)))


def flat(samples: FamilySamples, row: int) -> np.typing.NDArray[np.float64]:
    return np.concatenate([block[:, row] for block in samples.blocks], axis=1, dtype=np.float64)


def moved_share(name: str, *, only: str | None = None) -> float:
    """Of the series of the tour: how many are elsewhere than in calm.

    With `only` the episodes of a kind: than where all of the tour's are mute.
    """
    shown = samples(name, 1, only=only)
    calm, other = (
        samples(name, seed, of="calm") if only is None else samples(name, seed, only=NOTHING)
        for seed in (1, 2)
    )
    moved = []
    for key, found in shown.items():
        beyond = levels_beyond_chance
        if found.family.kind != "gauge":
            beyond = counters_beyond_chance
        places = {labels: i for i, labels in enumerate(calm[key].family.series)}
        for row, labels in enumerate(found.family.series):
            series = flat(found, row)
            if not can_move(found.family, labels) or np.isnan(series).all():
                continue
            at = places.get(labels)
            if at is None:
                moved.append(True)
                continue
            runs = (series, flat(calm[key], at), flat(other[key], at))
            starts = range(0, N_TICKS - WINDOW + 1, WINDOW // 2)
            windows = ([run[start : start + WINDOW] for run in runs] for start in starts)
            moved.append(
                any(
                    bool(beyond(*three).any())
                    for three in windows
                    if not np.array_equal(three[0], three[1], equal_nan=True)
                )
            )
    return float(np.mean(moved))


@pytest.mark.slow
@each_ready
def test_four_in_five_series_move_beyond_chance_in_the_tour(name: str) -> None:
    assert moved_share(name) >= 0.8


def test_hardly_any_series_moves_by_what_does_not_concern_it() -> None:
    assert moved_share("fastapi-instrumentator", only="drive-loss") < 0.1
