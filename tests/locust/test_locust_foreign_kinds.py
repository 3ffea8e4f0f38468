"""APIs of others, by their own documents: what users send is taken, and what comes is read."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from simulator.adopt.from_openapi import mapping_from_openapi
from simulator.load.applications import Applications
from simulator.load.expected import UnexpectedAnswerError
from simulator.load.login import Login
from simulator.load.platform_calls import calls_of
from simulator.load.request_shape import Filling, Sent, json_text
from simulator.mapping.chosen import chosen_draw
from simulator.mapping.loading import parse_mapping
from tests.support.foreign_kinds import FOREIGN_KINDS, SECRETS, choices_and_patterns

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from simulator.load.calls import Call

N: Final = 60


class Driven:
    """A foreign API, driven by what its own document proposes."""

    def __init__(self, app: FastAPI) -> None:
        written = mapping_from_openapi(json.dumps(app.openapi()), "openapi.json")
        mapping = parse_mapping(written, "theirs.yaml")
        scenario = chosen_draw("calm", mapping, origin=0).scenario
        self.calls = calls_of(mapping.api, scenario.platform).by_task
        self._app = app
        asked = mapping.api.authentication
        self._login = None if asked is None else Login(asked, SECRETS)

    def ask(self, call: Call, sent: Sent) -> httpx.Response:
        headers: dict[str, str] = {"Content-Type": "application/json", **sent.headers}
        path = sent.path
        if (login := self._login) is not None and not call.is_open:
            headers |= self._shown(login)
            path += f"{'&' if '?' in path else '?'}{login.query}" if login.query else ""
        return self._exchange(call.method, path, content=sent.body, headers=headers)

    def _exchange(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - of httpx
        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
                return await client.request(method, path, **more)

        return asyncio.run(exchange())

    def _shown(self, login: Login) -> dict[str, str]:
        if login.headers is None and login.request is not None:
            asked = login.request
            ask = partial(self._exchange, asked.method, asked.address)
            login.take(ask(content=asked.body, headers=dict(asked.headers)).content)
        return dict(login.headers or {})


@pytest.mark.parametrize("made", FOREIGN_KINDS)
def test_what_a_document_proposes_is_taken_and_read(made: Callable[[], FastAPI]) -> None:
    theirs, people = Driven(made()), Applications(3, "worker 0")
    call = theirs.calls["score"]
    for _ in range(N):
        filling = people.one(call.application, "web")
        answer = theirs.ask(call, call.sent(filling))
        assert answer.is_success, (answer.text, call.sent(filling))
        keys = call.read_decisions([filling], answer.content)
        if "decision" in theirs.calls:
            read = theirs.calls["decision"]
            key = Filling(key=json_text(keys.decision))
            read.read_about(key, theirs.ask(read, read.sent(key)).content)
            review = theirs.calls["review"]
            verdict = Filling(key=key["key"], decision='"APPROVED"', reviewer='"agent-1"')
            assert theirs.ask(review, review.sent(verdict)).status_code == 204
        if "erasure" in theirs.calls:
            erasure = theirs.calls["erasure"]
            key = Filling(key=keys.applicant)
            assert theirs.ask(erasure, erasure.sent(key)).status_code == 204


@pytest.mark.parametrize("made", FOREIGN_KINDS)
def test_a_field_that_was_renamed_is_named(made: Callable[[], FastAPI]) -> None:
    theirs, people = Driven(made()), Applications(3, "worker 0")
    call = theirs.calls["score"]
    filling = people.one(call.application, "web")
    answer: dict[str, Any] = theirs.ask(call, call.sent(filling)).json()
    for name in answer:
        renamed = {"other" if key == name else key: value for key, value in answer.items()}
        with pytest.raises(UnexpectedAnswerError, match=f"^no {name}$"):
            call.read_decisions([filling], json.dumps(renamed).encode())


def test_numbers_are_multiples_where_a_schema_wants_them() -> None:
    theirs, people = Driven(choices_and_patterns()), Applications(4, "worker 0")
    call = theirs.calls["score"]
    sent = [json.loads(call.sent(people.one(call.application, "web")).body or "") for _ in range(N)]
    assert len({one["loan"]["amount"] for one in sent}) > N / 3
    assert {one["loan"]["durationMonths"] % 6 for one in sent} == {0}
