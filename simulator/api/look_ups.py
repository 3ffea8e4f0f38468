"""The platform's routes that read or change what is kept: decisions, applicants, model versions."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import FastAPI, HTTPException, Path, Request

from simulator.api.archive import DecisionRecord
from simulator.api.backend import Backend
from simulator.api.error_responses import described
from simulator.api.schemas import Decision, Erasure, Explanation, ModelVersion, Review
from simulator.scenario.vocabulary import Endpoint
from simulator.timeline.arrival import waited_seconds

__all__ = ["add_look_ups"]

_KEY_NAME: Final = re.compile(r"\{(.*)\}")  # of the part of a path that is a key
_KEY: Final = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"
_FAILURES: Final = described(503, 504)
_LOOKING_UP: Final = {**described(404, 422), **_FAILURES}

#: How an endpoint answers; what is in the path is its `key`.
_Answer = Callable[..., Awaitable[object]]


def add_look_ups(app: FastAPI, backend: Backend) -> None:
    """Adds all of them, where the platform has them."""
    routes = backend.scenario.platform.api.routes.by_endpoint()

    def add(endpoint: Endpoint, answer: _Answer, responses: Mapping[int | str, Any]) -> None:
        method, path = routes[endpoint]
        if name := _KEY_NAME.search(path):
            answer.__annotations__["key"] = Annotated[str, Path(alias=name[1], pattern=_KEY)]
        tag = "models" if endpoint == "models" else "decisions"
        app.add_api_route(path, answer, methods=[method], tags=[tag], responses=dict(responses))

    decision, explanation, review = _decisions(backend)
    add("decision", decision, _LOOKING_UP)
    add("explanation", explanation, _LOOKING_UP)
    add("review", review, {**_LOOKING_UP, **described(408, 413)})
    add("erasure", _erasure(backend), _LOOKING_UP)
    add("models", _models(backend), _FAILURES)


def _decisions(backend: Backend) -> tuple[_Answer, _Answer, _Answer]:
    """How a decision is read, explained and reviewed."""
    workers, engine = backend.workers, backend.engine

    async def kept(decision_id: str, request: Request) -> DecisionRecord:
        await workers.look_up(waited_seconds=_waited(request))
        record = engine.archive.get(decision_id)
        if record is None:
            raise HTTPException(404, f"there is no decision {decision_id!r}")
        return record

    async def decision(key: str, request: Request) -> Decision:
        """A decision taken before."""
        return Decision.model_validate(engine.shown(await kept(key, request)), from_attributes=True)

    async def explanation(key: str, request: Request) -> Explanation:
        """The reasons for a decision."""
        return engine.explained(await kept(key, request))

    async def review(key: str, review: Review, request: Request) -> Decision:
        """A person's own decision, in place of the automated one."""
        record = await kept(key, request)
        record.decision, record.reviewed_by = review.decision, review.reviewer
        return Decision.model_validate(engine.shown(record), from_attributes=True)

    return decision, explanation, review


def _erasure(backend: Backend) -> _Answer:
    workers, engine = backend.workers, backend.engine

    async def erasure(key: str, request: Request) -> Erasure:
        """Deletes everything kept about an applicant."""
        await workers.look_up(waited_seconds=_waited(request))
        deleted = engine.archive.erase(key)
        if not deleted:
            raise HTTPException(404, f"there is nothing about an applicant {key!r}")
        return Erasure(applicant_id=key, deleted=deleted)

    return erasure


def _models(backend: Backend) -> _Answer:
    workers, engine = backend.workers, backend.engine

    async def models(request: Request) -> list[ModelVersion]:
        """The deployed model versions."""
        await workers.look_up(waited_seconds=_waited(request))
        return engine.models()

    return models


def _waited(request: Request) -> float:
    """Seconds by the event loop's clock that a request has waited since it arrived."""
    return waited_seconds(request.scope, asyncio.get_running_loop().time())
