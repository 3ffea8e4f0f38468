"""What a person reads about wrong keys and values: all of it, each with its place."""

from __future__ import annotations

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.loading import parse_scenario
from tests.support.scenario_texts import EPISODES, HEADER, episode, with_episodes


def lines_refusing(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, "plan.yaml")
    return str(refused.value).splitlines()


UNKNOWN_KEYS = {
    "colour": "colour: blue",
    "traffic.flavour": "traffic: {flavour: blue}",
    "platform.colour": "platform: {colour: blue}",
    "platform.api.colour": "platform: {api: {colour: blue}}",
    "platform.model.colour": "platform: {model: {colour: blue}}",
    "platform.monitoring.colour": "platform: {monitoring: {colour: blue}}",
    "platform.kafka.colour": "platform: {kafka: {colour: blue}}",
    "platform.kafka.consumer_groups.0.colour": (
        "platform: {kafka: {consumer_groups: [{name: archiver, colour: blue}]}}"
    ),
    "platform.minio.colour": "platform: {minio: {colour: blue}}",
}


@pytest.mark.parametrize("path", UNKNOWN_KEYS)
def test_an_unknown_key_is_refused_with_its_path_and_value(path: str) -> None:
    (line,) = lines_refusing(f"{HEADER}{UNKNOWN_KEYS[path]}\n")

    assert line.startswith(f"plan.yaml: {path}: is no key here (found 'blue'); there are ")


@pytest.mark.parametrize("kind", EPISODES)
def test_an_unknown_key_of_an_episode_is_refused(kind: str) -> None:
    (line,) = lines_refusing(with_episodes(f"{episode(kind)[:-1]}, colour: blue}}"))

    assert line.startswith("plan.yaml: episodes.0.")
    assert "colour: is no key here (found 'blue'); there are name, " in line


@pytest.mark.parametrize("kind", EPISODES)
def test_an_unknown_key_of_an_onset_is_refused(kind: str) -> None:
    (line,) = lines_refusing(with_episodes(f"{episode(kind)[:-1]}, onset: {{colour: blue}}}}"))

    assert line.startswith("plan.yaml: episodes.0.")
    assert line.endswith(
        "onset.colour: is no key here (found 'blue'); there are shape, rise, fall, period, duty"
    )


@pytest.mark.parametrize(
    "fields", ["kind: counter-reset, down: 10s", "kind: scrape-gap", "kind: scrape-gap, mode: late"]
)
def test_a_job_that_is_listed_twice_is_refused_with_its_place(fields: str) -> None:
    jobs = "jobs: [minio, compliance, minio]"
    text = with_episodes(f"{{name: it, start: 0s, duration: 10m, {fields}, {jobs}}}")

    (line,) = [line for line in lines_refusing(text) if "jobs" in line]
    assert line.startswith("plan.yaml: episodes.0.jobs: ")
    assert "minio is listed 2 times" in line


def test_the_path_into_an_episode_is_that_of_the_file() -> None:
    text = with_episodes("{name: it, kind: errors, start: 0s, duration: 1m, ratio: 2}")

    assert lines_refusing(text) == ["plan.yaml: episodes.0.ratio: should be at most 1 (found 2)"]


@pytest.mark.parametrize("key", ["name", "description", "duration"])
def test_a_missing_key_is_named(key: str) -> None:
    text = "".join(
        line for line in HEADER.splitlines(keepends=True) if not line.startswith(f"{key}:")
    )

    assert lines_refusing(text) == [f"plan.yaml: {key}: is missing"]


def test_all_wrong_values_are_said_at_once() -> None:
    lines = lines_refusing("""\
name: Not A Name
description: ''
duration: 5
seed: -1
traffic: {profile: weekly, country: XX, time_zone: Mars, noise_ratio: .nan, batch_sizes: [0, 101]}
platform: {api: {workers: 0}, minio: {used_ratio: 1.1}}
colour: blue
""")

    assert [line.split(": ")[1] for line in lines] == [
        "name",
        "description",
        "seed",
        "duration",
        "traffic.profile",
        "traffic.country",
        "traffic.time_zone",
        "traffic.noise_ratio",
        "traffic.batch_sizes.0",
        "traffic.batch_sizes.1",
        "platform.api.workers",
        "platform.minio.used_ratio",
        "colour",
    ]


def test_each_wrong_value_is_said_with_what_was_found() -> None:
    lines = lines_refusing(f"{HEADER}seed: -3\nplatform: {{api: {{workers: many}}}}\n")

    assert [line.rsplit("(found ")[1] for line in lines] == ["-3)", "'many')"]


def test_all_broken_rules_are_said_at_once() -> None:
    lines = lines_refusing(f"""\
{HEADER}traffic: {{batch_sizes: []}}
platform: {{kafka: {{brokers: 2, min_isr: 4}}, minio: {{parity: 8, nodes: 1}}}}
episodes:
- {episode("broker-loss", name="a").replace("brokers: 1", "brokers: 3")}
- {episode("traffic-surge", name="a", duration="2h")}
""")

    assert [line.split(": ")[1] for line in lines] == [
        "episodes.1",
        "episodes",
        "traffic.batch_sizes",
        "platform.kafka.replication",
        "platform.kafka.min_isr",
        "platform.minio.parity",
        "episodes.0.brokers",
    ]


@pytest.mark.parametrize("found", ["5", "5.5", "[5m]", "null", "2026-01-01"])
def test_a_duration_without_its_unit_is_refused_with_examples(found: str) -> None:
    (line,) = lines_refusing(HEADER.replace("1h", found))

    assert line.startswith("plan.yaml: duration: write a duration with its unit, such as 90s")


def test_a_misspelt_duration_is_refused_with_its_text() -> None:
    (line,) = lines_refusing(HEADER.replace("1h", "5 min"))

    assert "duration: '5 min' is not a duration such as 90s" in line


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    (line,) = lines_refusing(with_episodes("{name: it, kind: flood, start: 0s, duration: 1m}"))

    assert "episodes.0" in line
    assert "'flood'" in line
    assert all(kind in line for kind in EPISODES)


def test_an_unknown_channel_is_refused_with_the_known_ones() -> None:
    (line,) = lines_refusing(f"{HEADER}traffic: {{channels: {{fax: 1}}}}\n")

    assert "traffic.channels.fax" in line
    assert "'web', 'mobile', 'partner' or 'branch'" in line


@pytest.mark.parametrize(
    "text",
    [
        "seed: yes",
        "traffic: {requests_per_second: on}",
        "traffic: {invalid_ratio: yes}",
        "platform: {api: {workers: yes}}",
    ],
)
def test_yes_is_not_a_number(text: str) -> None:
    (line,) = lines_refusing(f"{HEADER}{text}\n")

    assert "(found True)" in line


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
def test_a_number_must_be_finite(number: str) -> None:
    (line,) = lines_refusing(f"{HEADER}traffic: {{requests_per_second: {number}}}\n")

    assert "traffic.requests_per_second: should be a finite number" in line


def test_a_long_value_is_cut_to_fit_a_line() -> None:
    (line,) = lines_refusing(f"{HEADER}colour: {'x' * 5000}\n")

    assert "xxx...); there are " in line
    assert len(line) < 400
