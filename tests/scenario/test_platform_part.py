"""A platform over that of a scenario: merged entry by entry, and checked again as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings

from simulator.errors import ScenarioError
from simulator.reading.records import record_in
from simulator.scenario.loading import library_names, load_scenario, parse_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.platform_part import PlatformPart, with_platform
from simulator.scenario.rules import problems
from simulator.scenario.writing import scenario_yaml
from tests.support.platform_strategies import platform_contents
from tests.support.scenario_texts import FULL, plain

if TYPE_CHECKING:
    from collections.abc import Callable

FULL_SCENARIO = parse_scenario(FULL, "full")


def part(**content: Any) -> PlatformPart:  # noqa: ANN401 - a file's own values
    return PlatformPart.model_validate(content)


def merged(of: Any, said: Any) -> Any:  # noqa: ANN401 - plain values
    """The same of plain values: mappings merge, lists replace, but for entries of one name."""
    if isinstance(of, dict) and isinstance(said, dict):
        return {key: merged(of.get(key), said.get(key, of.get(key))) for key in {**of, **said}}
    if isinstance(of, list) and isinstance(said, list):
        named = {one["name"]: one for one in of if isinstance(one, dict) and "name" in one}
        return [
            merged(named[one["name"]], one)
            if isinstance(one, dict) and one.get("name") in named
            else one
            for one in said
        ]
    return said


def outcome(of: Callable[[], Scenario]) -> Scenario | list[str]:
    """The scenario, or what is wrong with it: two parts may not fit each other."""
    try:
        return of()
    except ScenarioError as error:
        return [line.partition(": ")[2] for line in str(error).splitlines()]


def with_content(scenario: Scenario, content: dict[str, Any]) -> Scenario:
    """The scenario's own file with that merged into it, read again."""
    whole = plain(scenario_yaml(scenario))
    defaults = scenario.model_dump(mode="json", include={"traffic": {"channels", "endpoints"}})
    groups = [{"name": g.name} for g in scenario.platform.kafka.consumer_groups]
    whole = merged(
        {**defaults, "platform": {"kafka": {"consumer_groups": groups}}},
        whole,
    )
    said = {"platform": {k: v for k, v in content.items() if k != "traffic"}}
    if "traffic" in content:
        said["traffic"] = content["traffic"]
    return record_in(Scenario, merged(whole, said), "merged", rules=problems, error=ScenarioError)


@pytest.mark.parametrize("name", library_names())
def test_a_part_that_says_nothing_changes_nothing(name: str) -> None:
    assert with_platform(load_scenario(name), part()) == load_scenario(name)


def test_a_part_may_be_a_whole_platform() -> None:
    content = plain(FULL)

    changed = with_platform(
        load_scenario("calm"), part(**content["platform"], traffic=content["traffic"])
    )

    assert changed.platform == FULL_SCENARIO.platform
    assert changed.traffic.channel_names == FULL_SCENARIO.traffic.channel_names


@settings(max_examples=40)
@given(platform_contents)
def test_it_is_as_if_the_file_of_the_scenario_had_said_it(content: dict[str, Any]) -> None:
    scenario = load_scenario("consumer-crash")

    assert with_platform(scenario, part(**content)) == with_content(scenario, content)


@settings(max_examples=40)
@example(
    {"minio": {"nodes": 3, "servers": ["a:9000", "b:9000", "c:9000"]}},
    {"minio": {"pools": ["old", "new"]}},
)
@given(platform_contents, platform_contents)
def test_the_later_of_two_parts_stands_over_the_earlier(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first = with_platform(load_scenario("calm"), part(**one))

    assert outcome(lambda: with_platform(first, part(**other))) == outcome(
        lambda: with_content(first, other)
    )


def test_weights_that_are_not_named_stay() -> None:
    changed = with_platform(load_scenario("calm"), part(traffic={"channels": {"branch": 0}}))

    assert changed.traffic.channels == {"web": 45, "mobile": 35, "partner": 15, "branch": 0}


def test_a_group_of_a_known_name_keeps_what_is_not_said_of_it() -> None:
    groups = [{"name": "risk-monitoring", "label": "Risk"}, {"name": "archiver"}]
    crash = load_scenario("consumer-crash")

    changed = with_platform(crash, part(kafka={"consumer_groups": groups}))

    risk, archiver = changed.platform.kafka.consumer_groups
    assert (risk.label, risk.messages_per_second) == ("Risk", 80.0)
    assert archiver == crash.platform.kafka.consumer_groups[0]


def test_durations_are_those_of_a_scenario_however_fast_it_runs() -> None:
    slow = part(api={"health_check": "1m"}, monitoring={"label_delay": "2h"})
    tour = load_scenario("tour")

    changed = with_platform(tour.compressed(60.0), slow)

    assert changed == with_platform(tour, slow).compressed(60.0)
    assert changed.platform.api.health_check == 1.0


def test_what_is_wrong_with_traffic_is_said_where_the_part_has_it() -> None:
    nobody = part(traffic={"channels": {"web": 0, "mobile": 0, "partner": 0, "branch": 0}})

    with pytest.raises(ScenarioError, match=r": platform\.traffic.channels: all weights are 0"):
        with_platform(load_scenario("calm"), nobody)


def test_all_that_does_not_fit_is_said_at_once_with_its_place() -> None:
    small = part(kafka={"brokers": 1}, minio={"nodes": 1}, api={"instances": ["one"]})

    with pytest.raises(ScenarioError) as refused:
        with_platform(load_scenario("broker-loss"), small, source="mine.yaml: platform")

    assert str(refused.value).splitlines() == [
        f"mine.yaml: platform, under scenario 'broker-loss': {said}"
        for said in (
            "platform.kafka.replication: 3 replicas do not fit on 1 brokers",
            "platform.minio.parity: 4 parity drives of only 4",
            "platform.api.instances: 1 names for 4; give one for each, or none",
            "episodes.0.brokers: 2 lost of only 1",
        )
    ]
