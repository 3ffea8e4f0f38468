"""Drawn scenarios: valid whatever is drawn, the same for the same seed, each day another day."""

from __future__ import annotations

import math
from collections import Counter
from itertools import chain
from statistics import median, stdev
from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.scenario.alarms import wanted_alarms
from simulator.scenario.distributions.drawn import DAY_SECONDS, KIND_OF
from simulator.scenario.draws.drawing import Beginning, drawn_on_clock, drawn_scenario
from simulator.scenario.loading import load_scenario, parse_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.platform_part import PlatformPart, with_platform
from simulator.scenario.rules import problems
from simulator.scenario.vocabulary import SIGNALS
from simulator.scenario.writing import scenario_yaml
from simulator.simulation.engine import Simulation

ON_CALL: Final = load_scenario("on-call")
LASTING: Final = {"median": "1h", "least": "10m", "most": "5h", "spread": 1.7}
YEAR: Final = 364  # days: whole weeks


def plan(*entries: dict[str, Any], **fields: Any) -> Scenario:  # noqa: ANN401 - plain values
    given_ = {"name": "plan", "description": "Of a test.", "duration": "24h", **fields}
    drawn = [{"a_week": 7.0, "duration": LASTING, **entry} for entry in entries]
    return Scenario.model_validate({**given_, "drawn": drawn})


ERRORS: Final = {"name": "fails", "kind": "errors", "parameters": {"ratio": 0.5}}

FIRST_ALGORITHM: Final = """\
  - name: fails-1-1
    kind: errors
    start: 16h21m30s
    duration: 1h26m50s
    onset: {shape: incremental, rise: 5m31s, fall: 3m53s}
    status: 503
    ratio: 0.0125
"""


def with_seed(scenario: Scenario, seed: int) -> Scenario:
    return scenario.model_copy(update={"seed": seed})


@settings(max_examples=6)
@given(seed=st.integers(0, 2**63 - 1), days=st.integers(1, 4), density=st.floats(0.2, 5.0))
def test_whatever_is_drawn_on_call_is_a_valid_scenario(
    seed: int, days: int, density: float
) -> None:
    found = drawn_scenario(with_seed(ON_CALL, seed), days=days, density=density).scenario

    assert problems(found) == []
    assert parse_scenario(scenario_yaml(found), "again") == found


def _numbers(low: float, high: float) -> st.SearchStrategy[Any]:
    ends = st.tuples(st.floats(low, high), st.floats(low, high)).map(sorted)
    form = st.sampled_from(["uniform", "log_uniform"])
    return st.builds(lambda f, e: {f: [float(f"{x:.3g}") for x in e]}, form, ends)


VARIED: Final[dict[str, dict[str, st.SearchStrategy[Any]]]] = {
    "errors": {"ratio": _numbers(0.0, 1.0), "status": st.just({"one_of": [500, 504, 401]})},
    "traffic-surge": {"factor": _numbers(0.01, 900.0)},
    "population-shift": {
        "preset": st.just({"one_of": ["recession", "young-channel"]}),
        "strength": _numbers(0.01, 5.0),
    },
    "concept-drift": {"scale": _numbers(-2.0, 3.0)},
    "model-release": {
        "version": st.sampled_from(["2.{number}", "2.0"]),
        "canary_for": st.sampled_from(["10m", "1h", {"uniform": ["1m", "3h"]}]),
    },
    "rebalance": {
        "group": st.just("archiver"),
        "every": st.sampled_from(["5m", {"log_uniform": ["1m", "20m"]}]),
        "pause": st.just({"log_uniform": ["10s", "5m"]}),
    },
    "drive-loss": {"drives": st.sampled_from([{"whole": [1, 16]}, {"whole": [1, 20]}, 3])},
    "counter-reset": {
        "jobs": st.just({"one_of": [["minio"], ["kafka-exporter", "ml-model"]]}),
        "down": st.just({"uniform": ["1s", "9m"]}),
    },
}


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(VARIED)))
    shapes = st.sampled_from(["abrupt", "gradual", "incremental", "recurring"])
    return {
        "name": f"{kind}-{draw(st.integers(0, 9))}",
        "kind": kind,
        "a_week": draw(st.floats(0.5, 60.0)),
        "look_alike": draw(st.booleans()),
        "onset": draw(st.dictionaries(shapes, st.floats(0.1, 5.0), min_size=1, max_size=2)),
        "parameters": {name: draw(values) for name, values in VARIED[kind].items()},
    }


@settings(max_examples=40)
@given(st.lists(entries(), min_size=1, max_size=6), st.integers(0, 99))
def test_a_plan_that_is_accepted_gives_valid_draws_only(
    found: list[dict[str, Any]], seed: int
) -> None:
    """What a file may say is either refused with its reason, or drawn without a fault."""
    tried = plan(*found, seed=seed)
    wrong = {int(path.split(".")[1]) for path, _ in problems(tried) if path.startswith("drawn.")}
    kept = {entry.name: entry for i, entry in enumerate(tried.drawn) if i not in wrong}
    fine = tried.model_copy(update={"drawn": tuple(kept.values())})
    assume(fine.drawn and not problems(fine))

    drawn = drawn_scenario(fine, days=2).scenario

    assert problems(drawn) == []
    for one in drawn.episodes:
        assert one.start // DAY_SECONDS == (one.start + one.duration - 1.0) // DAY_SECONDS
        if kept[one.name.rsplit("-", 2)[0]].look_alike:
            assert wanted_alarms(one, drawn) == {}


def test_a_day_is_the_same_however_many_are_drawn() -> None:
    week, month = (drawn_scenario(ON_CALL, days=days).scenario for days in (7, 30))

    first = [e for e in month.episodes if e.start < 7 * DAY_SECONDS]
    assert first == list(week.episodes)


def test_each_day_is_another_day() -> None:
    def what_happens(day: int) -> set[tuple[str, float]]:
        found = drawn_scenario(ON_CALL, days=1, first_day=day).scenario
        return {(e.kind, e.start) for e in found.episodes}

    days = [what_happens(day) for day in range(5)]
    assert not set.intersection(*days)
    assert len(set().union(*days)) == sum(map(len, days))


def test_an_entry_that_is_added_moves_nothing_of_the_others() -> None:
    more = {"name": "drives", "kind": "drive-loss", "parameters": {"drives": 1}}
    alone, beside = (drawn_scenario(plan(*e), days=9).scenario for e in ([ERRORS], [ERRORS, more]))

    assert [e for e in beside.episodes if e.kind == "errors"] == list(alone.episodes)


def test_the_first_algorithm_stays_as_it_is() -> None:
    """Files are kept, and seeds are passed on: a change of what is drawn is another algorithm."""
    parameters = {"status": {"one_of": [500, 503]}, "ratio": {"log_uniform": [0.001, 1]}}
    entry = {**ERRORS, "a_week": 14.0, "onset": {"incremental": 1, "recurring": 1}}
    found = drawn_scenario(plan({**entry, "parameters": parameters}, seed=7)).scenario

    assert scenario_yaml(found).partition("episodes:\n")[2] == FIRST_ALGORITHM


def test_as_many_come_as_are_said_at_their_hours_and_on_their_days() -> None:
    office = {"hours": {"start": "9h", "end": "17h"}, "weekdays": ["mon", "wed"], "a_week": 6.0}
    night = {**ERRORS, "name": "nightly", "hours": {"start": "22h", "end": "2h"}}
    short = {"median": "10m", "least": "5m", "most": "20m"}
    tried = plan({**ERRORS, **office, "duration": short}, {**night, "duration": short})
    found = drawn_scenario(tried, days=YEAR).scenario.episodes

    by_day = [e for e in found if e.name.startswith("fails")]
    hours = [e.start % DAY_SECONDS / 3600.0 for e in by_day]
    assert min(hours) >= 9.0
    assert max(hours) <= 17.0
    assert {int(e.start // DAY_SECONDS) % 7 for e in by_day} == {0, 2}
    expected = 6.0 * YEAR / 7
    assert abs(len(by_day) - expected) < 6 * math.sqrt(expected)
    at_night = [e.start % DAY_SECONDS / 3600.0 for e in found if e.name.startswith("nightly")]
    assert all(hour >= 21.6 or hour <= 2.0 for hour in at_night)
    assert min(at_night) < 1.0
    assert max(at_night) > 23.0


def test_hours_are_those_of_the_clock_when_a_run_begins_in_the_afternoon() -> None:
    tried = plan({**ERRORS, "a_week": 60.0, "hours": {"start": "9h", "end": "10h"}})
    origin = 1_767_571_200.0 + 13 * 3600.0  # a Monday, 14:00 in Paris

    found = drawn_on_clock(tried, origin).scenario.episodes

    assert Beginning.at(tried, origin) == Beginning(0, 14 * 3600.0)
    assert found
    assert all(19 * 3600.0 - 1 <= e.start <= 20 * 3600.0 + 1 for e in found)


def test_durations_are_log_normal_and_strengths_are_dense_where_consequences_change() -> None:
    ratio = {"log_uniform": [0.001, 1]}
    wide = {"median": "1h", "least": "1m", "most": "24h", "spread": 1.7}
    tried = plan({**ERRORS, "a_week": 25.0, "duration": wide, "parameters": {"ratio": ratio}})
    found: list[Any] = list(drawn_scenario(tried, days=YEAR).scenario.episodes)

    logs = [math.log(e.duration / 3600.0) for e in found]
    error = math.log(1.7) / math.sqrt(len(logs))
    assert abs(median(logs)) < 6 * 1.26 * error
    assert abs(stdev(logs) - math.log(1.7)) < 6 * error / math.sqrt(2.0)
    # 0.02 and 1 / 12 are worth a look, or somebody's getting up: half is within half as much again
    shares = [math.log10(e.ratio) for e in found]
    near = sum(0.02 / 1.5 < e.ratio < 1.5 / 12 for e in found) / len(found)
    assert near > 0.6
    assert min(shares) < -2.8
    assert max(shares) > -0.2
    assert abs(_correlation(logs, shares)) < 6 / math.sqrt(len(logs))


def _correlation(xs: list[float], ys: list[float]) -> float:
    n = len(xs)
    x, y = sum(xs) / n, sum(ys) / n
    both = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / n
    return both / (stdev(xs) * stdev(ys))


def test_quiet_days_have_look_alikes_only_and_as_many_of_them() -> None:
    quiet = drawn_scenario(ON_CALL, days=14, is_quiet=True).scenario
    dense = drawn_scenario(ON_CALL, days=14, density=3.0).scenario
    harmless = {entry.name for entry in ON_CALL.drawn if entry.look_alike}

    def of(scenario: Scenario) -> set[str]:
        return {e.name for e in scenario.episodes if e.name.rsplit("-", 2)[0] in harmless}

    assert len(quiet.episodes) == len(of(quiet)) > 14
    assert of(dense) <= of(quiet)
    assert all(wanted_alarms(e, quiet) == {} for e in quiet.episodes)
    usual = drawn_scenario(ON_CALL, days=14).scenario
    incidents = [len(one.episodes) - len(of(one)) for one in (usual, dense)]
    assert incidents[1] == pytest.approx(3 * incidents[0], rel=0.25)


def test_every_kind_is_drawn_on_call_as_an_incident_or_as_what_looks_like_one() -> None:
    assert {entry.kind for entry in ON_CALL.drawn} == set(KIND_OF)


def test_days_on_call_have_alarms_of_all_signals_and_incidents_worth_none() -> None:
    found = drawn_scenario(ON_CALL, days=14, density=3.0).scenario
    wanted = [wanted_alarms(e, found) for e in found.episodes]
    counts = Counter(chain.from_iterable(one.items() for one in wanted))

    assert {signal for signal, _ in counts} == set(SIGNALS)
    assert min(counts.values()) >= 2
    weak = [e for e, alarms in zip(found.episodes, wanted, strict=True) if not alarms]
    assert len({e.kind for e in weak}) >= 12


def test_a_run_that_is_faster_has_the_same_days() -> None:
    slow = drawn_on_clock(ON_CALL, 0.0).scenario
    fast = drawn_on_clock(ON_CALL.compressed(60.0), 0.0).scenario

    assert fast.compression == 60.0
    assert [e.name for e in fast.episodes] == [e.name for e in slow.episodes]
    for one, other in zip(fast.episodes, slow.episodes, strict=True):
        assert one.start == pytest.approx(other.start / 60.0)


def test_what_cannot_stand_beside_others_is_left_out_and_told() -> None:
    release = {"version": "3.{number}", "canary_for": "10m"}
    found = drawn_scenario(
        plan({"name": "r", "kind": "model-release", "a_week": 70.0, "parameters": release})
    )

    assert 0 < len(found.scenario.episodes) <= 11
    assert found.left_out
    assert all("starts before" in said or "at most 12" in said for said in found.left_out)
    assert problems(found.scenario) == []


def test_a_smaller_platform_has_what_it_has_room_for_and_the_others_are_told() -> None:
    content = {"kafka": {"partitions": 6}, "minio": {"nodes": 1, "drives_per_node": 4, "parity": 2}}
    small = with_platform(ON_CALL, PlatformPart.model_validate(content))

    found = drawn_on_clock(small, 0.0, seconds=14 * DAY_SECONDS)

    assert problems(found.scenario) == []
    said = [one for one in found.left_out if "has room for" in one]
    assert any("11 of partitions 0 to 5" in one for one in said)
    assert any("lost of only 4" in one for one in said)
    assert drawn_on_clock(ON_CALL, 0.0).left_out == ()


def test_a_run_has_nothing_that_is_still_to_be_drawn() -> None:
    with pytest.raises(ScenarioError, match="still to be drawn"):
        Simulation(ON_CALL, origin=0.0, step=15.0)
