"""Scenarios of every kind there is, with what types and rules let pass, extremes included."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.scenario.kinds.population_shift import PRESETS
from simulator.scenario.platform_part import PlatformPart, with_platform
from simulator.scenario.vocabulary import (
    CHANNELS,
    DEPENDENCIES,
    ENDPOINTS,
    FEATURES,
    JOBS,
    VIOLATION_TYPES,
)
from tests.support.platform_strategies import platform_contents
from tests.support.scenario_builders import scenario

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

GROUPS: Final = ("archiver", "risk-monitoring")
Fields = st.SearchStrategy[dict[str, Any]]

_factors = st.sampled_from([1e-3, 0.5, 3.0, 1000.0])
_slower = st.sampled_from([1.0, 1.5, 30.0, 1000.0])
_shares = st.sampled_from([0.0, 1e-6, 0.3, 0.995, 1.0])
_groups = st.sampled_from(GROUPS)
_features = st.sampled_from(FEATURES)
_spans = st.sampled_from(["1s", "20s", "70s", "10m"])
_jobs = st.lists(st.sampled_from(JOBS), min_size=1, unique=True)
_few = st.integers(1, 3)
_coefficients = st.dictionaries(_features, st.sampled_from([-5.0, 0.0, 0.5, 5.0]), min_size=1)


def _of(**fields: st.SearchStrategy[Any]) -> Fields:
    return st.fixed_dictionaries(fields)


#: What a file may say of each kind, beside what it says of any.
FIELDS: Final[dict[str, Fields]] = {
    "concept-drift": st.one_of(
        _of(scale=st.sampled_from([-2.0, 0.0, 0.4, 3.0])), _of(coefficients=_coefficients)
    ),
    "prior-shift": _of(odds_factor=_factors),
    "model-release": _of(
        version=st.sampled_from(["4.0.0", "4.1.0", "x"]),
        canary_share=_shares,
        canary_for=st.sampled_from(["0s", "1m"]),
        outcome=st.sampled_from(["promotion", "rollback", "withdrawal"]),
        coefficients=st.one_of(st.just({}), _coefficients),
    ),
    "population-shift": st.one_of(
        _of(preset=st.sampled_from(sorted(PRESETS)), strength=st.sampled_from([0.1, 1.0, 5.0])),
        _of(shifts=st.dictionaries(_features, st.sampled_from([-4.0, 4.0]), min_size=1)),
    ),
    "data-bug": st.one_of(
        _of(feature=_features, factor=_factors),
        _of(feature=_features, null_ratio=st.sampled_from([1e-6, 0.5, 1.0])),
    ),
    "traffic-surge": _of(factor=st.sampled_from([1e-3, 0.5, 3.0, 50.0])),
    "errors": _of(status=st.sampled_from([401, 429, 500, 503, 504]), ratio=_shares),
    "slow-dependency": _of(dependency=st.sampled_from(DEPENDENCIES), factor=_slower),
    "overload": _of(workers_lost_ratio=_shares),
    "instance-loss": _of(replicas=_few),
    "instance-slow": _of(replicas=_few, factor=_slower),
    "consumer-slowdown": _of(group=_groups, capacity_ratio=_shares),
    "rebalance": _of(
        group=_groups, every=st.sampled_from(["2m", "100s"]), pause=st.sampled_from(["1s", "100s"])
    ),
    "consumer-crash": _of(
        group=_groups,
        member=st.integers(0, 2),
        assignment=st.sampled_from(["cooperative", "eager"]),
        session_timeout=st.sampled_from(["0s", "10s", "2m", "1h"]),
        rebalance_time=st.sampled_from(["0s", "5s", "2m"]),
    ),
    "broker-loss": _of(brokers=_few),
    "hot-partition": _of(partition=st.integers(0, 2), share=_shares),
    "drive-loss": _of(drives=st.integers(1, 16)),
    "node-loss": _of(nodes=_few),
    "capacity-filling": _of(used_ratio=_shares),
    "compliance-incident": _of(violation=st.sampled_from(VIOLATION_TYPES), factor=_factors),
    "counter-reset": st.one_of(
        _of(jobs=_jobs, down=_spans),
        _of(
            jobs=_jobs,
            every=st.sampled_from(["7s", "1m", "5m"]),
            down=st.sampled_from(["0s", "5s"]),
        ),
    ),
    "scrape-gap": st.one_of(
        _of(jobs=_jobs),
        _of(jobs=_jobs, mode=st.just("late"), late_seconds=st.sampled_from([0.01, 9.0, 600.0])),
    ),
    "exporter-glitch": st.one_of(
        _of(form=st.just("negative"), apart_seconds=st.sampled_from([0.01, 8.0, 600.0])),
        _of(form=st.just("vanish"), group=_groups),
        _of(form=st.just("no-commit"), group=_groups, partitions=st.integers(1, 3)),
    ),
}

_sliding: Final[Fields] = st.sampled_from(
    [
        {},
        {"shape": "incremental", "rise": "1m", "fall": "30s"},
        {"shape": "gradual", "rise": "90s"},
        {"shape": "recurring", "period": "100s", "duty": 0.3},
    ]
)
#: Kinds that are on or off, and those that have a course of their own.
_ON_OR_OFF: Final = ("consumer-crash", "scrape-gap", "exporter-glitch")
_ABRUPT: Final = ("model-release", "counter-reset")


@st.composite
def _episodes(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(FIELDS)))
    onset = {} if kind in _ABRUPT else draw(_sliding)
    if kind in _ON_OR_OFF and onset.get("shape") != "recurring":
        onset = {}
    return {
        "name": f"{kind}-{number}",
        "kind": kind,
        "start": f"{draw(st.sampled_from([0, 20, 60, 61, 125, 240]))}s",
        "duration": f"{draw(st.sampled_from([120, 150, 301, 480]))}s",
        "onset": onset,
        **draw(FIELDS[kind]),
    }


def _some(weights: tuple[str, ...]) -> st.SearchStrategy[dict[str, float]]:
    return st.dictionaries(st.sampled_from(weights), st.sampled_from([1.0, 90.0]), min_size=1)


_kafkas: Final = st.builds(
    lambda brokers, partitions, members, keeps, commit, rate: {
        "brokers": brokers,
        "partitions": partitions,
        "replication": min(brokers, 3),
        "min_isr": min(brokers, 2),
        "retention_messages": keeps,
        "commit_interval_seconds": commit,
        "consumer_groups": [
            {"name": name, "members": members, "messages_per_second": rate} for name in GROUPS
        ],
    },
    st.sampled_from([1, 3, 5]),
    st.sampled_from([1, 3, 12]),
    st.sampled_from([1, 3, 20]),
    st.sampled_from([1, 1000, 10_000_000]),
    st.sampled_from([0.1, 1.0, 3600.0]),
    st.sampled_from([0.1, 900.0]),
)
_apis: Final = _of(
    workers=st.sampled_from([1, 32, 1_000_000]),
    replicas=st.sampled_from([1, 4, 10_000]),
    timeout_seconds=st.sampled_from([0.001, 0.1, 2.0, 60.0]),
    health_check=st.sampled_from(["0s", "30s"]),
)
_minios: Final = _of(
    drive_bytes=st.sampled_from([1e12, 5e6, 1.0]),
    used_ratio=st.sampled_from([0.0, 0.55, 1.0]),
    parity=st.sampled_from([0, 4, 8]),
    healing=st.sampled_from(["0s", "3m"]),
)
_monitorings: Final = _of(
    drift_window=st.sampled_from([100, 2000]),
    performance_window=st.sampled_from([500, 5000]),
    label_delay=st.sampled_from(["0s", "1m"]),
    back_test_every=st.sampled_from(["1s", "50s", "1h"]),
)


@st.composite
def plans(draw: st.DrawFn, most: int = 5) -> Scenario:
    """Twelve minutes of any platform, with up to `most` episodes of any kind; some are muted.

    Somebody's part of a platform is over it.
    """
    numbers = range(draw(st.integers(0, most)))
    drawn = [draw(_episodes(number)) for number in numbers]
    platform = {
        "api": draw(_apis),
        "kafka": draw(_kafkas),
        "minio": draw(_minios),
        "monitoring": draw(_monitorings),
    }
    traffic = {
        "requests_per_second": draw(st.sampled_from([1e-3, 5.0, 200.0, 1e5])),
        "profile": draw(st.sampled_from(["flat", "daily"])),
        "noise_ratio": draw(st.sampled_from([0.0, 1.0])),
        "channels": draw(_some(CHANNELS)),
        "endpoints": draw(_some(ENDPOINTS)),
        "batch_sizes": draw(st.sampled_from([[1], [5, 100]])),
        "invalid_ratio": draw(_shares),
    }
    common: dict[str, Any] = {
        "seed": draw(st.integers(0, 99)),
        "duration": "12m",
        "traffic": traffic,
        "platform": platform,
    }
    kept: list[dict[str, Any]] = []
    for one in drawn:  # what does not fit the platform, or the others, is left out
        try:
            scenario(*kept, one, **common)
        except ScenarioError:
            continue
        kept.append(one)
    plan = scenario(*kept, **common)
    with contextlib.suppress(ScenarioError):  # a part that does not fit is left out
        plan = with_platform(plan, PlatformPart.model_validate(draw(platform_contents)))
    return plan.muted(*(one["name"] for one in kept if draw(st.integers(0, 5)) == 0))
