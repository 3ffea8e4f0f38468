"""What the web form refuses, and why; what a stop and an edit of a test do. Seen in one Locust."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100)]

NOWHERE = "http://127.0.0.1:9"
PROGRAM = CHECKOUT / "tests/support/one_locust.py"


class Seen(NamedTuple):
    """What the program found, and all that it wrote meanwhile."""

    facts: dict[str, Any]
    log: str


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    result = tmp_path_factory.mktemp("locust") / "seen.json"
    ran = subprocess.run(
        [sys.executable, "-P", PROGRAM, result],
        capture_output=True,
        text=True,
        timeout=80.0,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return Seen(json.loads(result.read_text(encoding="utf-8")), ran.stdout + ran.stderr)


REASONS = {
    "scenario": ("clam", "'clam' is neither a file nor a scenario of the library"),
    "seed": ("abc", "--seed is 'abc': give a whole number from 0"),
    "compress": ("fast", "compress is 'fast': give a number"),
    "user_count": ("many", "user_count is 'many': give a whole number"),
    "spawn_rate": ("nan", "spawn_rate is 'nan': give a number from"),
    "run_time": ("soon", "run_time is 'soon': give a duration such as 90s"),
    "host": ("localhost:8000", "host is 'localhost:8000': give a base URL such as http://"),
}
TOO_FAST_OR_SLOW = [("0.5", "cannot run 0.5 times as fast"), ("1e9", "cannot run 1e+09 times")]
REFUSED = [(name, *found) for name, found in REASONS.items()] + [
    ("compress", value, reason) for value, reason in TOO_FAST_OR_SLOW
]


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_what_the_form_refuses_is_answered_listed_in_the_page_and_logged_once(
    seen: Seen, name: str, value: str, reason: str
) -> None:
    found = seen.facts["refusals"][json.dumps({name: value})]
    assert reason in found["answer"]["message"]
    assert (found["answer"]["success"], found["answer"]["status"]) == (False, 200)
    assert [reason in row for row in found["errors"]] == [True]
    assert [reason in row for row in found["exceptions"]] == [True]
    assert seen.log.count(found["answer"]["message"]) == 1
    assert found["state"] == ["ready", 0]


def test_a_platform_that_does_not_start_is_said_with_its_last_word(seen: Seen) -> None:
    found = seen.facts["refusals"]["platform"]
    said = "the platform ended with exit code 2: Error: no gateway"
    assert (found["answer"]["success"], found["answer"]["message"]) == (False, said)
    assert (found["errors"], found["exceptions"]) == ([said], [said])


def test_what_is_refused_is_no_failure_of_a_test(seen: Seen) -> None:
    assert seen.facts["refusals"]["exit code"] == 0


def test_it_is_said_also_where_the_test_is_not_started_in_the_form(seen: Seen) -> None:
    found = seen.facts["refusals"]["not from the form"]
    assert found["state"] == ["stopped", 0]
    assert found["exceptions"] == ["the platform ended with exit code 2: Error: no gateway"]


def test_after_a_refusal_a_test_starts_with_an_empty_list(seen: Seen) -> None:
    found = seen.facts["refusals"]["afterwards"]
    assert (found["answer"]["success"], found["state"]) == (True, ["running", 2])
    assert found["rows"] == []


def test_a_stop_while_a_test_is_starting_is_a_stop(seen: Seen) -> None:
    found = seen.facts["stops"]
    assert found["starting"] == ["spawning", 0]
    assert found["stopped"] == found["let go"] == ["stopped", 0]
    assert found["answer"]["message"] == "stopped before the platform had started"


def test_a_start_after_it_works(seen: Seen) -> None:
    found = seen.facts["stops"]
    assert (found["again"]["success"], found["running"]) == (True, ["running", 2])
    assert found["started"] == ["calm", "tour"], "once by Locust, once by the form"


def test_a_second_start_while_one_is_starting_is_refused(seen: Seen) -> None:
    said = "a test is starting: wait until it runs, or stop it first"
    assert seen.facts["stops"]["second"]["message"] == said


def test_a_stop_is_a_stop_also_where_the_test_is_not_started_in_the_form(seen: Seen) -> None:
    found = seen.facts["stops"]
    assert found["starting by itself"] == ["spawning", 0]
    assert found["stopped by itself"] == ["stopped", 0]


def test_an_empty_host_keeps_that_of_the_test(seen: Seen) -> None:
    found = seen.facts["edits"]
    assert (found["host"], found["host then"], found["kept"]) == (True, NOWHERE, NOWHERE)
    assert found["users then"] == ["running", 3]


@pytest.mark.parametrize(
    "fields", [{"scenario": "tour"}, {"seed": "8"}, {"compress": "2"}, {"seed": ""}]
)
def test_a_test_that_runs_stays_what_it_is(seen: Seen, fields: Mapping[str, str]) -> None:
    answer = seen.facts["edits"][json.dumps(fields)]
    (name,) = fields
    assert not answer["success"]
    assert answer["message"].startswith(f"{name} cannot change from ")
    assert answer["message"].endswith(" while a test runs: stop it first")


def test_another_host_is_refused_while_a_test_runs(seen: Seen) -> None:
    found = seen.facts["edits"]["other host"]
    assert f"host cannot change from '{NOWHERE}' to 'http://127.0.0.1:10'" in found["message"]


def test_the_same_fields_again_change_only_the_users(seen: Seen) -> None:
    assert seen.facts["edits"]["same"]["success"]


def test_a_run_time_outlives_an_edit_that_leaves_it_out(seen: Seen) -> None:
    assert 0.5 < seen.facts["edits"]["seconds"] < 5.0


def test_scenario_seed_and_compress_are_shown_where_they_reach_a_platform(seen: Seen) -> None:
    found = seen.facts["pages"]
    assert (found["own"], found["given"]) == ([True] * 3, [False] * 3)


def test_the_form_shows_what_the_latest_test_had(seen: Seen) -> None:
    assert seen.facts["pages"]["latest"]


def test_the_form_of_a_kind_has_its_rate_and_time_and_the_users_asked_for(seen: Seen) -> None:
    assert seen.facts["pages"]["kind"] == [True, True, True]


def test_a_host_is_used_without_blanks_and_without_a_slash_at_its_end(seen: Seen) -> None:
    assert seen.facts["pages"]["host"] == f"{NOWHERE}/base"


def test_a_timer_counts_from_its_start_however_long_importing_took(seen: Seen) -> None:
    assert seen.facts["timers"]["after prepare"] >= 0.19


def test_no_signal_seems_to_have_its_usual_effect(seen: Seen) -> None:
    """Where it did, code that puts it off for a while would undo Locust's handler."""
    assert seen.facts["handlers"] == {"SIGINT": False, "SIGTERM": False, "SIGHUP": False}


def test_nothing_of_it_is_a_traceback(seen: Seen) -> None:
    assert "Traceback" not in seen.log


def test_the_form_offers_every_kind_also_a_mapping_s(seen: Seen) -> None:
    built_in = ["smoke", "load", "stress", "spike", "endurance", "volume"]
    assert seen.facts["kinds"]["listed"] == ["", *built_in, "nightly"]


def test_a_kind_chosen_in_the_form_brings_its_users_and_pauses(seen: Seen) -> None:
    found = seen.facts["kinds"]
    assert (found["chosen"], found["pauses"]) == ([True, 3], "think time 5s")
    assert found["more"] == [True, 4], "the number of users can change while it runs"


def test_once_a_kind_is_chosen_what_is_typed_comes_first(seen: Seen) -> None:
    assert seen.facts["kinds"]["again"] == [True, 2]
    assert seen.facts["kinds"]["none"] == [True, "a request every 1s on average"]


def test_a_kind_that_is_none_or_is_another_while_a_test_runs_is_refused(seen: Seen) -> None:
    found = seen.facts["kinds"]
    assert found["unknown"].endswith("volume, nightly; did you mean 'nightly'?")
    assert found["other"] == (
        "kind cannot change from 'nightly' to 'smoke' while a test runs: stop it first"
    )


def test_a_test_without_a_kind_is_not_judged_by_the_one_before(seen: Seen) -> None:
    assert not seen.facts["kinds"]["judged"]
