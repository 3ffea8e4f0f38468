"""`compressed`: all of scenario time shrinks, and nothing else does."""

from __future__ import annotations

import re
from typing import Any, Final, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.scenario.fields import Duration, Record
from simulator.scenario.loading import library_names, load_scenario, parse_scenario
from simulator.scenario.model import Scenario
from tests.support.scenario_texts import FULL

#: Every place of scenario time, in the notation of error messages.
TIMES: Final = {
    "duration",
    "traffic.noise_time",
    "platform.monitoring.back_test_every",
    "platform.monitoring.label_delay",
    "platform.api.health_check",
    "platform.kafka.replica_lag_time",
    "platform.kafka.catch_up",
    "platform.minio.healing",
    "episodes.*.start",
    "episodes.*.duration",
    "episodes.*.onset.rise",
    "episodes.*.onset.fall",
    "episodes.*.onset.period",
    "episodes.*.every",
    "episodes.*.pause",
    "episodes.*.session_timeout",
    "episodes.*.rebalance_time",
    "episodes.*.down",
    "episodes.*.canary_for",
}
_INDEX = re.compile(r"(?<=\.)\d+(?=\.|$)")


def flat(value: object, path: str = "") -> dict[str, object]:
    """The leaves of nested mappings and sequences by their paths."""
    if isinstance(value, dict):
        items: list[tuple[object, object]] = list(value.items())
    elif isinstance(value, list | tuple):
        items = list(enumerate(value))
    else:
        return {path: value}
    leaves: dict[str, object] = {}
    for key, below in items:
        leaves |= flat(below, f"{path}.{key}" if path else str(key))
    return leaves


def leaves(scenario: Scenario) -> dict[str, object]:
    return flat(scenario.model_dump())


def place(path: str) -> str:
    return _INDEX.sub("*", path)


def records_in(annotation: Any) -> list[type[Record]]:  # noqa: ANN401 - any type expression
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    return [record for part in get_args(annotation) for record in records_in(part)]


def mentions_duration(annotation: Any) -> bool:  # noqa: ANN401 - any type expression
    return annotation == Duration or any(mentions_duration(part) for part in get_args(annotation))


def durations_of(record: type[Record], path: str = "") -> set[str]:
    """Places of fields that may hold a Duration, read from the type hints."""
    found = set()
    hints = get_type_hints(record, include_extras=True)
    for name in record.model_fields:
        hint, here = hints[name], f"{path}{name}"
        if mentions_duration(hint):
            found.add(here)
        inside = f"{here}.*." if get_origin(hint) is tuple else f"{here}."
        for below in records_in(hint):
            found |= durations_of(below, inside)
    return found


FULL_SCENARIO: Final = parse_scenario(FULL, "full")


def test_the_places_listed_here_are_all_the_durations_of_the_model() -> None:
    found = {place for place in durations_of(Scenario) if not place.startswith("drawn.")}
    assert found == TIMES  # what is drawn is drawn at its own pace


def test_the_full_scenario_has_time_in_every_place() -> None:
    places = {place(path) for path, value in leaves(FULL_SCENARIO).items() if value}

    assert places >= TIMES


@pytest.mark.parametrize("path", sorted(leaves(FULL_SCENARIO)))
def test_a_value_is_divided_exactly_when_it_is_scenario_time(path: str) -> None:
    before, after = leaves(FULL_SCENARIO)[path], leaves(FULL_SCENARIO.compressed(8.0))[path]

    if place(path) in TIMES:
        assert isinstance(before, float)
        assert after == before / 8.0
    elif path == "compression":
        assert after == 8.0
    else:
        assert after == before


def test_compression_drops_no_value() -> None:
    assert leaves(FULL_SCENARIO.compressed(8.0)).keys() == leaves(FULL_SCENARIO).keys()


def test_records_stay_of_their_kinds() -> None:
    kinds = [type(e) for e in FULL_SCENARIO.compressed(8.0).episodes]

    assert kinds == [type(e) for e in FULL_SCENARIO.episodes]


def test_the_scenario_that_is_compressed_stays_as_it_was() -> None:
    before = FULL_SCENARIO.model_dump()
    FULL_SCENARIO.compressed(8.0)

    assert FULL_SCENARIO.model_dump() == before


@pytest.mark.parametrize("name", library_names())
def test_a_factor_of_1_changes_nothing(name: str) -> None:
    assert load_scenario(name).compressed(1.0) == load_scenario(name)


@given(st.floats(1.0, 300.0), st.floats(1.0, 300.0))
def test_compressing_twice_is_compressing_by_the_product(one: float, other: float) -> None:
    twice = leaves(FULL_SCENARIO.compressed(one).compressed(other))
    once = leaves(FULL_SCENARIO.compressed(one * other))

    assert twice.keys() == once.keys()
    assert all(
        twice[path] == (pytest.approx(once[path]) if isinstance(once[path], float) else once[path])
        for path in once
    )


@given(st.floats(1.0, 1e4))
def test_an_episode_keeps_its_strength_at_the_same_part_of_it(factor: float) -> None:
    fast = FULL_SCENARIO.compressed(factor)

    for slow_one, fast_one in zip(FULL_SCENARIO.episodes, fast.episodes, strict=True):
        for part in (-0.1, 0.05, 0.31, 0.83, 1.01):
            assert fast_one.span.intensity(part * fast_one.duration) == pytest.approx(
                float(slow_one.span.intensity(part * slow_one.duration)), abs=1e-9
            )


def test_the_profile_of_a_compressed_scenario_runs_faster_at_the_same_rate() -> None:
    profile, fast = FULL_SCENARIO.profile(0.0), FULL_SCENARIO.compressed(8.0).profile(0.0)

    assert (fast.means, fast.compression) == (profile.means, 8.0 * profile.compression)


@pytest.mark.parametrize("factor", [0.0, 0.99, -1.0, float("nan"), float("inf"), 100_001.0])
def test_a_factor_that_makes_no_sense_is_refused_with_its_value(factor: float) -> None:
    with pytest.raises(ScenarioError, match=f"cannot run {factor:g} times as fast"):
        FULL_SCENARIO.compressed(factor)


def test_a_file_that_gives_a_compression_is_refused() -> None:
    with pytest.raises(ScenarioError, match="plan: compression: is given with --compress"):
        parse_scenario("name: a\ndescription: b\nduration: 1h\ncompression: 2\n", "plan")
