"""Weights of users and tasks: together they reproduce the scenario's shares."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from simulator.load import mix as mixes
from simulator.load import people, platform_state, weights
from simulator.load.mix import mix_of, wanted_mix
from simulator.load.weights import paces, task_weights, user_weights
from simulator.scenario.baseline import Traffic
from simulator.scenario.mix import channel_shares, endpoint_shares
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, Channel, Endpoint
from tests.support.scenario_builders import MONDAY

ROUNDING = 0.002  # weights are thousandths


def scenario(**traffic: object) -> Scenario:
    parsed = Traffic.model_validate(traffic)
    return Scenario(name="x", description="x", duration="1h", traffic=parsed)


CASES = {
    "usual": scenario(),
    "without-batches": scenario(endpoints={"score": 1, "decision": 1}),
    "without-partners": scenario(channels={"web": 1, "mobile": 2}),
    "batches-only": scenario(endpoints={"batch": 1}),
    "mostly-batches": scenario(endpoints={"score": 1, "batch": 9}),
}


def requests_by(scenario: Scenario) -> np.ndarray:
    """Shares of requests that users send, shape (channels, endpoints)."""
    users = user_weights(scenario)
    total = sum(users.values())
    rows = []
    for channel in CHANNELS:
        tasks = task_weights(scenario, channel)
        sent = np.array([tasks[e] for e in ENDPOINTS], dtype=float)
        rows.append(users[channel] / total * sent / max(sent.sum(), 1.0))
    return np.array(rows)


@pytest.mark.parametrize("name", CASES)
def test_requests_have_the_scenario_s_shares_of_endpoints(name: str) -> None:
    shares = requests_by(CASES[name]).sum(axis=0)
    assert shares == pytest.approx(endpoint_shares(CASES[name].traffic), abs=ROUNDING)


@pytest.mark.parametrize("name", [n for n in CASES if n != "batches-only"])
def test_single_applications_have_the_scenario_s_shares_of_channels(name: str) -> None:
    singles = requests_by(CASES[name])[:, ENDPOINTS.index("score")]
    shares = singles / singles.sum()
    assert shares == pytest.approx(channel_shares(CASES[name].traffic), abs=10 * ROUNDING)


@pytest.mark.parametrize("name", CASES)
def test_only_partners_send_batches(name: str) -> None:
    others = [c for c in CHANNELS if c != "partner"]
    assert [task_weights(CASES[name], c)["batch"] for c in others] == [0, 0, 0]


@pytest.mark.parametrize("name", CASES)
def test_every_channel_that_has_users_has_tasks(name: str) -> None:
    users = user_weights(CASES[name])
    for channel in CHANNELS:
        assert users[channel] == 0 or sum(task_weights(CASES[name], channel).values()) > 0


def at(hour: float, name: str) -> dict[Channel, float]:
    """Requests per second of each channel at an hour of a Monday."""
    rates = CASES[name].profile(MONDAY).rates(np.array([MONDAY + hour * 3600.0]))[0]
    return dict(zip(CHANNELS, rates.tolist(), strict=True))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("hour", [4.0, 11.5, 20.5])
@pytest.mark.parametrize("sent", [set(ENDPOINTS), {"score", "batch"}], ids=["all", "some"])
def test_users_send_as_much_as_ever_with_their_channels_hours(
    name: str, hour: float, sent: set[Endpoint]
) -> None:
    mix = mix_of(wanted_mix(CASES[name], {}), sent)
    users, rates = user_weights(CASES[name], mix), at(hour, name)
    pace = paces(CASES[name], rates, mix)
    total = sum(users[c] * pace[c] for c in CHANNELS)
    assert total == pytest.approx(sum(users.values()))
    if sent == set(ENDPOINTS):
        seen = [users[c] * pace[c] / total for c in CHANNELS]
        assert seen == pytest.approx(np.array([*rates.values()]) / sum(rates.values()), abs=1e-9)


def test_users_of_a_closed_branch_send_nothing() -> None:
    assert paces(CASES["usual"], at(4.0, "usual"))["branch"] == 0.0
    assert paces(CASES["usual"], at(11.5, "usual"))["branch"] > 1.5


def test_where_everybody_is_closed_nobody_sends() -> None:
    assert set(paces(CASES["usual"], dict.fromkeys(CHANNELS, 0.0)).values()) == {0.0}


@pytest.mark.parametrize("module", [mixes, weights, people, platform_state])
def test_the_examples_of_its_docstrings_are_true(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]  # all are modules
    assert (failed, tried > 0) == (0, True)
