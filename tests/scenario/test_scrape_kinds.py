"""Kinds between the platform and Prometheus: what a file may say of them, and what truth tells."""

from __future__ import annotations

from typing import Final, NamedTuple

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.alarms import wanted_alarms
from simulator.scenario.loading import load_scenario, parse_scenario
from simulator.scenario.rules import problems
from simulator.scenario.timed_run import TimedRun
from tests.support.scenario_builders import episode, scenario
from tests.support.scenario_texts import unruled, with_episodes

START: Final = 1_767_225_600.0


class Case(NamedTuple):
    """A boundary: fields beyond it, fields within it, and where and what is said."""

    kind: str
    broken: str
    within: str
    path: str
    said: str


RESET, GAP, GLITCH = "counter-reset", "scrape-gap", "exporter-glitch"
CASES: Final = (
    Case(
        RESET,
        "jobs: [kafka-exporter]",
        "jobs: [kafka-exporter], down: 10s",
        "jobs",
        "kafka-exporter counts nothing; give it a time down",
    ),
    Case(
        RESET,
        "jobs: [minio], every: 1m, down: 1m",
        "jobs: [minio], every: 1m, down: 59s",
        "down",
        "1m is no less than 1m, after which it restarts",
    ),
    Case(
        RESET,
        "jobs: [minio], down: 10m",
        "jobs: [minio], down: 9m59s",
        "down",
        "10m is no less than 10m, after which the episode ends",
    ),
    Case(
        RESET,
        "jobs: [minio], every: 59ms",
        "jobs: [minio], every: 60ms",
        "every",
        "10170 restarts in 10m; at most 10000",
    ),
    Case(
        RESET,
        "jobs: [minio], onset: {shape: recurring, period: 5m}",
        "jobs: [minio], every: 5m",
        "onset",
        "'it' is a restart, which is abrupt; see every",
    ),
    Case(
        GAP,
        "jobs: [minio], mode: late",
        "jobs: [minio], mode: late, late_seconds: 1",
        "late_seconds",
        "say how late samples are at most, such as 20",
    ),
    Case(
        GAP,
        "jobs: [minio], late_seconds: 1",
        "jobs: [minio]",
        "late_seconds",
        "nothing is late where all is missing; mode late has it",
    ),
    Case(
        GAP,
        "jobs: [minio], onset: {shape: gradual, rise: 1m}",
        "jobs: [minio], onset: {shape: recurring, period: 1m}",
        "onset",
        "'it' is on or off: abrupt or recurring, not gradual",
    ),
    Case(
        GLITCH,
        "form: vanish, group: archivist",
        "form: vanish, group: archiver",
        "group",
        "'archivist' is none of archiver, risk-monitoring; did you mean 'archiver'?",
    ),
    Case(
        GLITCH,
        "form: vanish",
        "form: vanish, group: risk-monitoring",
        "form",
        "vanish is of one group: give archiver, risk-monitoring",
    ),
    Case(
        GLITCH,
        "form: negative, apart_seconds: 5, group: archiver",
        "form: negative, apart_seconds: 5",
        "group",
        "the form negative is of all groups",
    ),
    Case(
        GLITCH,
        "form: negative",
        "form: negative, apart_seconds: 0.5",
        "apart_seconds",
        "say how long after the first offsets it reads others, such as 5",
    ),
    Case(
        GLITCH,
        "form: vanish, group: archiver, apart_seconds: 5",
        "form: vanish, group: archiver, apart_seconds: 0",
        "apart_seconds",
        "is of the form negative, not of vanish",
    ),
    Case(
        GLITCH,
        "form: no-commit, group: archiver, partitions: 12",
        "form: no-commit, group: archiver, partitions: 11",
        "partitions",
        "12 of 12 partitions without a commit; one or more, and not all: that is the form vanish",
    ),
    Case(
        GLITCH,
        "form: no-commit, group: archiver",
        "form: no-commit, group: archiver, partitions: 1",
        "partitions",
        "0 of 12 partitions without a commit; one or more, and not all: that is the form vanish",
    ),
)


def written(case: Case, fields: str) -> str:
    return with_episodes(f"{{name: it, kind: {case.kind}, start: 5m, duration: 10m, {fields}}}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.said)
def test_what_is_beyond_a_boundary_is_refused_with_its_place(case: Case) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(written(case, case.broken), "plan.yaml")

    assert str(refused.value).splitlines() == [f"plan.yaml: episodes.0.{case.path}: {case.said}"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.said)
def test_what_is_within_a_boundary_is_not(case: Case) -> None:
    assert problems(unruled(written(case, case.within))) == []


@pytest.mark.parametrize("fields", ["jobs: []", "jobs: [pushgateway]", "jobs: minio", "every: 5m"])
def test_a_job_that_is_none_is_refused(fields: str) -> None:
    text = with_episodes(f"{{name: it, kind: counter-reset, start: 0s, duration: 5m, {fields}}}")

    with pytest.raises(ScenarioError, match=r"episodes\.0\S*jobs"):
        parse_scenario(text, "plan.yaml")


@pytest.mark.parametrize("compress", [1.0, 7.0, 60.0])
def test_truth_names_every_restart_and_its_jobs(compress: float) -> None:
    plan = scenario(
        episode(RESET, jobs=["minio"], every="10m", down="20s", start="1h", duration="30m"),
    ).compressed(compress)
    (one,) = TimedRun(plan, START, START + plan.duration, 15.0, "x").as_json()["episodes"]

    assert len(one["resets"]) == 3
    assert one["resets"][0] == one["start"]
    assert one["parameters"]["jobs"] == ["minio"]


def test_truth_names_no_restart_after_its_end() -> None:
    plan = scenario(episode(RESET, jobs=["minio"], every="10m", duration="1h"))
    (one,) = TimedRun(plan, START, START + 1200.0, 15.0, "x").as_json()["episodes"]

    assert one["resets"] == ["2026-01-01T00:00:00Z", "2026-01-01T00:10:00Z"]


def test_truth_says_that_nothing_is_wrong_unless_somebody_wants_an_alarm() -> None:
    glitch = {"form": "vanish", "group": "archiver"}
    plan = scenario(
        episode(GLITCH, **glitch),
        episode(GLITCH, name="dreaded", **glitch, alarms={"consumer-lag": "orange"}),
        episode("errors", ratio=0.001),
    )
    told = TimedRun(plan, START, START + 3600.0, 15.0, "x").as_json()["episodes"]

    assert [one.get("harmless") for one in told] == [True, None, None]
    assert [bool(one["alarms"]) for one in told] == [False, True, False]


@pytest.mark.parametrize("name", ["counter-reset", "scrape-gap", "exporter-glitch"])
def test_nobody_wants_an_alarm_where_nothing_is_wrong(name: str) -> None:
    """So tuning takes each alarm in them for a false one."""
    plan = load_scenario(name)

    assert [wanted_alarms(one, plan) for one in plan.episodes] == [{}] * len(plan.episodes)
