"""A mapping's own mix: how often users do what, routes beside the endpoints among it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from simulator.errors import MappingError, ScenarioError
from simulator.load.applications import Applications
from simulator.load.expected import UnexpectedAnswerError
from simulator.load.tags import warn_of_missing
from simulator.load.weights import task_weights, user_weights
from simulator.mapping.loading import parse_mapping
from simulator.scenario.vocabulary import CHANNELS
from tests.support.locust_choice import chosen

if TYPE_CHECKING:
    from pathlib import Path

MIX = {
    "score": 5,
    "batch": 2,
    "GET /health": 3,
    "GET /features/{customer_id}": 2,
    "POST /features/update": 1,
}


def of_mlops(**options: Any) -> Any:  # noqa: ANN401 - a choice
    return chosen(mapping=["mlops-scoring"], scenario="calm", **options)


def of_mapping(tmp_path: Path, mix: dict[str, float], **options: Any) -> Any:  # noqa: ANN401 - a choice
    file = tmp_path / "theirs.yaml"
    api = {"routes": [{"route": "GET /up", "stub": {"status": 204}}]}
    content = {"version": 1, "name": "x", "api": api, "load": {"mix": mix}}
    file.write_text(json.dumps(content), encoding="utf-8")
    return chosen(mapping=["mlops-scoring", str(file)], scenario="calm", **options)


def test_all_users_together_do_what_the_mix_of_a_platform_s_own_load_test_has() -> None:
    choice = of_mlops()
    users = user_weights(choice.scenario, choice.mix)
    done = dict.fromkeys(MIX, 0.0)
    for channel in CHANNELS:
        tasks = task_weights(choice.scenario, channel, choice.mix)
        for name in MIX:
            done[name] += users[channel] * tasks[name] / sum(tasks.values())
    total = sum(done.values())
    assert {name: 13 * n / total for name, n in done.items()} == pytest.approx(MIX, abs=0.05)
    assert list(choice.calls) == list(MIX)
    assert choice.missing == {}


def test_a_stub_is_sent_what_its_route_says_about_somebody_who_applied() -> None:
    calls, people = of_mlops().calls, Applications(3, "worker 0")
    filling = people.one(calls["score"].application, "web")

    read = calls["GET /features/{customer_id}"].sent(filling)
    pushed = calls["POST /features/update"].sent(filling)

    assert (read.path, read.body) == ("/features/CUST1", None)
    body = json.loads(pushed.body or "")
    assert (body["customer_id"], body["features"]["login_attempts_24h"]) == ("CUST1", 1)


def test_the_answer_of_a_stub_is_checked_by_its_body() -> None:
    call = of_mlops().calls["GET /features/{customer_id}"]
    filling = Applications(3, "worker 0").one(call.application, "web")
    names = ("current_balance", "last_transaction_amount", "login_attempts_24h")
    more = {"device_fingerprint_score": None, "ip_risk_score": 0.5}
    features = dict.fromkeys(names, 2.5) | more

    call.read_about(filling, json.dumps({"customer_id": "x", "features": features}).encode())
    del features["ip_risk_score"]
    less = json.dumps({"customer_id": "x", "features": features}).encode()
    with pytest.raises(UnexpectedAnswerError, match=r"^no features\.ip_risk_score$"):
        call.read_about(filling, less)


def test_what_the_api_has_not_is_left_out_and_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    choice = of_mapping(tmp_path, {"score": 1, "erasure": 1, "GET /up": 2, "GET /down": 1})

    assert choice.mix == {"score": 1, "GET /up": 2}
    with caplog.at_level(logging.WARNING):
        warn_of_missing(choice.missing)
    assert "no route for erasure, GET /down: left out" in caplog.text


def test_tags_are_names_of_the_mix(tmp_path: Path) -> None:
    assert of_mlops(tags=["GET /health"]).mix == {"GET /health": 3}
    assert "GET /health" not in of_mlops(exclude_tags=["GET /health"]).mix
    with pytest.raises(ScenarioError, match="its tags are score, GET /up"):
        of_mapping(tmp_path, {"score": 1, "GET /up": 2}, tags=["batch"])


@pytest.mark.parametrize(
    ("mix", "said"),
    [
        ({"score": 0}, "load.mix: has no weight above 0"),
        ({"scor": 1}, "load.mix.scor"),
        ({"score": -1}, "load.mix.score"),
    ],
)
def test_a_mix_that_cannot_be_is_refused_with_its_place(mix: dict[str, float], said: str) -> None:
    with pytest.raises(MappingError) as refusal:
        parse_mapping(json.dumps({"version": 1, "name": "x", "load": {"mix": mix}}), "x.yaml")
    assert said in str(refusal.value)
