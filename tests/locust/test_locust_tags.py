"""Tags: what they leave is sent, in the scenario's proportions, and nothing else."""

from __future__ import annotations

import doctest
from argparse import Namespace
from typing import TYPE_CHECKING

import pytest

from simulator.errors import ScenarioError
from simulator.load import tags
from simulator.load.mix import mix_of, wanted_mix
from simulator.load.tags import chosen_tasks, warn_of_tags
from simulator.load.weights import task_weights, user_weights
from simulator.scenario.baseline import Traffic
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, Endpoint
from tests.support.fake_api import FakeApi
from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

CALM = Scenario(name="calm", description="x", duration="1h")
HEADLESS = ("--headless", "-u", "8", "-r", "8", "-t", "2s")


def chosen(
    *, of: Scenario = CALM, tags: list[str] | None = None, exclude: list[str] | None = None
) -> set[str]:
    options = Namespace(tags=tags, exclude_tags=exclude)
    return set(chosen_tasks(options, wanted_mix(of, {}), of.name))


def test_without_tags_all_that_the_scenario_has_is_sent() -> None:
    assert chosen() == set(ENDPOINTS)
    only = Traffic.model_validate({"endpoints": {"score": 1, "models": 1}})
    assert chosen(of=CALM.model_copy(update={"traffic": only})) == {"score", "models"}


def test_tags_name_what_is_sent_and_exclude_tags_what_is_not() -> None:
    assert chosen(tags=["score", "batch"]) == {"score", "batch"}
    assert chosen(exclude=["erasure"]) == set(ENDPOINTS) - {"erasure"}
    assert chosen(tags=["score", "batch"], exclude=["batch"]) == {"score"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"tags": ["scores"]}, "--tags scores leave nothing to do of scenario 'calm'"),
        ({"exclude": list(ENDPOINTS)}, "--exclude-tags score, batch, decision"),
        ({"tags": ["score"], "exclude": ["score"]}, "--tags score and --exclude-tags score leave"),
    ],
)
def test_tags_that_leave_nothing_are_refused(options: dict[str, list[str]], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        chosen(**options)  # type: ignore[arg-type]  # no `of` among them


def test_a_tag_of_an_endpoint_that_the_scenario_leaves_out_leaves_nothing() -> None:
    only = Traffic.model_validate({"endpoints": {"score": 1}})
    with pytest.raises(ScenarioError, match=r"its tags are score$"):
        chosen(of=CALM.model_copy(update={"traffic": only}), tags=["models"])


def test_a_tag_that_is_none_is_named(caplog: pytest.LogCaptureFixture) -> None:
    options = Namespace(tags=None, exclude_tags=["scroe"])
    warn_of_tags(options, chosen_tasks(options, wanted_mix(CALM, {}), CALM.name))
    assert "no task has the tag scroe: tags are score, batch" in caplog.text


def test_users_without_decisions_of_their_own_are_said_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    options = Namespace(tags=["decision"], exclude_tags=None)
    warn_of_tags(options, chosen_tasks(options, wanted_mix(CALM, {}), CALM.name))
    assert "without the tag score" in caplog.text


@pytest.mark.parametrize(
    "endpoints", [{"score"}, {"batch"}, {"score", "models"}, {"decision", "batch"}]
)
def test_what_is_left_keeps_its_proportions(endpoints: set[Endpoint]) -> None:
    mix = mix_of(wanted_mix(CALM, {}), endpoints)
    users = user_weights(CALM, mix)
    sent: dict[str, float] = dict.fromkeys(ENDPOINTS, 0.0)
    for channel in CHANNELS:
        tasks = task_weights(CALM, channel, mix)
        for endpoint, weight in tasks.items():
            sent[endpoint] += users[channel] * weight / max(sum(tasks.values()), 1)
    mixed = {e: w for e, w in CALM.traffic.endpoints.items() if e in endpoints}
    expected = {e: 1000 * mixed.get(e, 0.0) / sum(mixed.values()) for e in ENDPOINTS}
    assert sent == pytest.approx(expected, abs=3.0)


def test_the_examples_of_its_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(tags)
    assert (failed, tried > 0) == (0, True)


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.timeout(100)
@pytest.mark.parametrize(
    ("options", "paths"),
    [
        (("--tags", "batch"), {"/v1/score/batch"}),
        pytest.param(("--tags", "models"), {"/v1/models"}, marks=pytest.mark.slow),
        pytest.param(
            ("--exclude-tags", "score", "batch", "models"),
            {"/v1/decisions/unknown", "/v1/applicants/unknown"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_locust_sends_what_tags_leave(
    tmp_path: Path, options: tuple[str, ...], paths: set[str]
) -> None:
    with FakeApi() as api, Locust(tmp_path, *HEADLESS, *options, "--host", api.url) as locust:
        locust.exit_code()
    assert api.requests, locust.log
    sent = {path.removesuffix("/explanation").removesuffix("/review") for _, path in api.requests}
    assert sent <= paths, locust.log
    assert "had no tasks left" not in locust.log
    assert "Traceback" not in locust.log


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.timeout(100)
def test_tags_that_leave_nothing_end_locust_at_once(tmp_path: Path) -> None:
    with Locust(tmp_path, *HEADLESS, "--tags", "scores", "--host", "http://127.0.0.1:1") as locust:
        assert locust.exit_code() == 2, locust.log
    assert "scoring: --tags scores leave nothing to do" in locust.log
    assert "Traceback" not in locust.log
