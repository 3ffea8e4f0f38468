"""The prover proved: whatever is broken in a panel changes the verdicts on it, and no others."""

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from simulator.coverage.cover import CoverPlan, cover
from simulator.grafana.frames import Series
from simulator.grafana.parsing import dashboard_from
from simulator.installation import shipped
from simulator.mapping.loading import default_mapping
from simulator.observation.prometheus import Prometheus
from simulator.runtime.history.writing import write_history
from simulator.runtime.served_blocks import served_blocks
from simulator.scenario.loading import load_scenario
from simulator.scenario.timed_run import TimedRun

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

MONDAY, BEFORE, STEP = 1_767_571_200.0, 300.0, 15.0
TOUR = load_scenario("tour").compressed(6.0)  # a day in four hours
LENGTH = BEFORE + TOUR.duration
VARIABLES = {"window": "5m"}
Json = dict[str, Any]
Key = tuple[str, str, str]
"""A panel's title, a field's query or column, and a step's colour; "data" without steps."""

BOARDS: list[Json] = [
    json.loads(path.read_text()) for path in sorted(shipped("dashboards").glob("*.json"))
]
PANELS = [p["title"] for board in BOARDS for p in board["panels"] if p.get("targets")]
METRICS = sorted(default_mapping().metrics, key=len, reverse=True)

# What is muted, and all that is then no longer reached.
LATENCY = {
    ("Prediction Latency", "A", "red"),
    ("Prediction Latency", "B", "orange"),
    ("Prediction Latency", "B", "red"),
}
QUORUM = ("Data Pipeline Health", "E lastNotNull", "red")
SLOW_API = ("API Response Times", "A", "red")
MUTED: dict[tuple[str, ...], set[Key]] = {
    ("reasons-weaken", "reasons-vanish"): {
        ("Model Performance Overview", "A lastNotNull", "orange"),
        ("Model Performance Overview", "A lastNotNull", "red"),
        ("Accuracy over Time", "A", "orange"),
        ("Accuracy over Time", "A", "red"),
        ("Accuracy over Time", "B", "orange"),
        ("Accuracy over Time", "B", "red"),
    },
    ("more-and-more-default",): {
        ("Observed vs Expected Defaults", "A", "orange"),
        ("Observed vs Expected Defaults", "A", "red"),
    },
    ("feature-store-very-slow",): LATENCY,
    ("young-channel",): {
        ("Model Drift Detection", "PSI", "red"),
        ("Drift over Time", "A", "red"),
        ("Drift over Time", "B", "red"),
    },
    (
        *("many-503s", "two-brokers-down", "workers-lost"),
        *("bureau-very-slow", "feature-store-very-slow", "campaign"),
    ): LATENCY
    | {
        SLOW_API,
        ("Scoring Success Rate", "A", "red"),
        ("Data Pipeline Health", "C lastNotNull", "red"),
    },
    (
        *("bureau-very-slow", "workers-lost"),
        *("feature-store-very-slow", "campaign"),
    ): LATENCY | {SLOW_API},
    ("drive-failed", "two-nodes-down"): {
        QUORUM,
        ("Data Pipeline Health", "D lastNotNull", "orange"),
    },
    ("backup-fills-the-store",): {("Data Pipeline Health", "F lastNotNull", "orange")},
    (
        *("archiver-stopped", "two-nodes-down", "one-key-floods"),
        *("rebalance-storm", "campaign"),
    ): {
        QUORUM,
        ("Data Pipeline Health", "A lastNotNull", "orange"),
        ("Data Pipeline Health", "A lastNotNull", "red"),
        ("Consumer Lag", "A", "orange"),
        ("Consumer Lag", "A", "red"),
    },
    ("kyc-check-fails-open", "bureau-very-slow", "bureau-slow", "two-nodes-down"): {
        QUORUM,
        ("Compliance Violations per 10,000", "A lastNotNull", "orange"),
        ("Compliance Violations per 10,000", "A lastNotNull", "red"),
    },
}
RUNS = [(), *MUTED]


class RememberingPrometheus(Prometheus):
    """Asks the real one every question once: many dashboards differ in one query only."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._told: dict[tuple[str, float, float, float], tuple[Series, ...]] = {}

    def query_range(
        self, expr: str, *, start: float, end: float, step_seconds: float
    ) -> tuple[Series, ...]:
        question = (expr, start, end, step_seconds)
        if question not in self._told:
            self._told[question] = super().query_range(
                expr, start=start, end=end, step_seconds=step_seconds
            )
        return self._told[question]


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """The tour, and then a tour without each of some episodes, one after the other."""
    folder = tmp_path_factory.mktemp("tours")
    runs = []
    for index, muted in enumerate(RUNS):
        plan = TOUR.muted(*muted).delayed(BEFORE)
        start = MONDAY + index * LENGTH
        runs.append(TimedRun(plan, start, start + LENGTH, STEP, "simulator"))
    write_history(runs, folder)
    with (
        served_blocks(folder, scrape_interval_seconds=STEP) as url,
        RememberingPrometheus(url) as client,
    ):
        yield client


def verdicts(prometheus: Prometheus, boards: list[Json], *, run: int = 0) -> dict[Key, str]:
    start = MONDAY + run * LENGTH + BEFORE
    plan = CoverPlan(start, start + TOUR.duration, STEP, VARIABLES)
    found = cover([dashboard_from(board) for board in boards], prometheus, plan)
    reported: dict[Key, str] = {}
    for panel in found.panels:
        if not panel.fields:
            reported[panel.title, "", "data"] = panel.verdict.value
        for field in panel.fields:
            for step in field.steps:
                reported[panel.title, field.source, step.color] = step.verdict.value
            if not field.steps:
                reported[panel.title, field.source, "data"] = field.verdict.value
    return reported


@pytest.fixture(scope="module")
def whole(prometheus: Prometheus) -> dict[Key, str]:
    return verdicts(prometheus, BOARDS)


def with_panel(title: str, change: Callable[[Json], None]) -> list[Json]:
    """The dashboards with one panel changed."""
    boards = copy.deepcopy(BOARDS)
    (panel,) = [p for board in boards for p in board["panels"] if p["title"] == title]
    change(panel)
    return boards


def changed(before: Mapping[Key, str], after: Mapping[Key, str]) -> dict[Key, str]:
    return {key: verdict for key, verdict in after.items() if before.get(key) != verdict}


def test_the_tour_exercises_everything(whole: dict[Key, str]) -> None:
    assert set(whole.values()) == {"EXERCISED"}
    assert {title for title, _, _ in whole} == set(PANELS)


def blank(panel: Json) -> None:
    for target in panel["targets"]:
        target["expr"] = ""


def rename(panel: Json) -> None:
    names = re.compile("|".join(METRICS))
    for target in panel["targets"]:
        target["expr"] = names.sub(lambda found: f"renamed_{found[0]}", target["expr"])


def misspell(panel: Json) -> None:
    for target in panel["targets"]:
        target["expr"] += " by ("


@pytest.mark.parametrize("title", PANELS)
@pytest.mark.parametrize(
    ("change", "verdict"), [(blank, "NO_DATA"), (rename, "NO_DATA"), (misspell, "ERROR")]
)
def test_a_broken_query_changes_the_verdict_on_its_panel_alone(
    prometheus: Prometheus,
    whole: dict[Key, str],
    title: str,
    change: Callable[[Json], None],
    verdict: str,
) -> None:
    after = changed(whole, verdicts(prometheus, with_panel(title, change)))
    assert after
    assert {panel for panel, _, _ in after} == {title}
    assert set(after.values()) == {verdict}


def unknown_type(panel: Json) -> None:
    panel["type"] = "hologram"


def unknown_transformation(panel: Json) -> None:
    panel.setdefault("transformations", []).append({"id": "guess", "options": {}})


def unknown_reducer(panel: Json) -> None:
    panel["options"]["reduceOptions"]["calcs"] = ["mostly"]


REDUCED = {"stat", "bargauge", "piechart", "gauge"}


@pytest.mark.parametrize(
    ("title", "change"),
    [
        (panel["title"], change)
        for board in BOARDS
        for panel in board["panels"]
        if panel.get("targets")
        for change in (unknown_type, unknown_transformation, unknown_reducer)
        if change is not unknown_reducer or panel["type"] in REDUCED
    ],
)
def test_what_is_not_known_is_unsupported_and_never_exercised(
    prometheus: Prometheus, whole: dict[Key, str], title: str, change: Callable[[Json], None]
) -> None:
    after = verdicts(prometheus, with_panel(title, change))
    assert {key: v for key, v in after.items() if key[0] == title} == {
        (title, "", "data"): "UNSUPPORTED"
    }
    others = {key: v for key, v in after.items() if key[0] != title}
    assert others == {key: v for key, v in whole.items() if key[0] != title}


def stepped(panel: Json) -> list[Json]:
    """The panel's thresholds with several steps, in its defaults and its overrides."""
    config = panel.get("fieldConfig", {})
    found = [config.get("defaults", {}).get("thresholds")]
    found += [
        p["value"] for o in config["overrides"] for p in o["properties"] if p["id"] == "thresholds"
    ]
    return [each for each in found if each and len(each["steps"]) > 1]


SHIFTED = [
    (panel["title"], index, each["steps"][-1]["color"])
    for board in BOARDS
    for panel in board["panels"]
    if panel.get("targets")
    for index, each in enumerate(stepped(panel))
]


@pytest.mark.parametrize(("title", "index", "color"), SHIFTED)
def test_a_step_out_of_reach_is_the_one_not_reached(
    prometheus: Prometheus, whole: dict[Key, str], title: str, index: int, color: str
) -> None:
    def shift(panel: Json) -> None:
        stepped(panel)[index]["steps"][-1]["value"] = 1e15

    after = changed(whole, verdicts(prometheus, with_panel(title, shift)))
    assert after
    assert {(panel, step) for panel, _, step in after} == {(title, color)}
    assert set(after.values()) == {"NOT_REACHED"}


@pytest.mark.parametrize("muted", MUTED, ids="+".join)
def test_without_its_episodes_a_step_is_not_reached_and_all_others_are(
    prometheus: Prometheus, whole: dict[Key, str], muted: tuple[str, ...]
) -> None:
    after = changed(whole, verdicts(prometheus, BOARDS, run=RUNS.index(muted)))
    assert after == dict.fromkeys(MUTED[muted], "NOT_REACHED")


def test_every_panel_with_thresholds_has_an_episode_that_was_muted(whole: dict[Key, str]) -> None:
    judged = {title for title, _, color in whole if color != "data"}
    assert {title for keys in MUTED.values() for title, _, _ in keys} == judged
