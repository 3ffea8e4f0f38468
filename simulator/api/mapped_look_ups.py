"""A mapping's routes that read or change what is kept, and the one that says it is up."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from simulator import __version__
from simulator.api.archive import DecisionRecord, Verdict
from simulator.api.backend import Backend
from simulator.api.conversions import key as key_in
from simulator.api.error_responses import described
from simulator.api.filling import filled
from simulator.api.key_documents import documented
from simulator.api.moments import Moment
from simulator.api.outside import value_outside
from simulator.api.schemas import ModelVersion
from simulator.api.worded_templates import answer_of
from simulator.mapping.api_part import ApiPart, ApiRoute
from simulator.mapping.application import ReviewPlaces, Words
from simulator.mapping.places import Place, parsed, value_at
from simulator.quoting import quoted
from simulator.timeline.arrival import waited_seconds

__all__ = ["add_mapped_look_ups"]

_NOT_FOUND: Final = 404
_REVIEWED: Final[tuple[Verdict, ...]] = ("accepted", "refused")


class _Erased(NamedTuple):
    """How many decisions of an applicant were deleted."""

    applicant_id: str
    deleted: int
    moment: Moment


class _Deployed(NamedTuple):
    """The versions of the model."""

    models: Sequence[ModelVersion]
    moment: Moment


class _Health(NamedTuple):
    """That it is up."""

    status: str
    version: str
    moment: Moment


#: What an endpoint answers, of a request that arrived at so many seconds of the clock.
_Work = Callable[[Request, float], Awaitable[object]]


def add_mapped_look_ups(app: FastAPI, api: ApiPart, backend: Backend) -> None:
    """Adds all of them."""
    for number, route in enumerate(api.routes):
        work = _work(route, api.words, backend)
        if work is None:
            continue
        application = route.application or api.application
        answer = filled(answer_of(route, application, api.words))
        for method, path in route.forms:
            app.add_api_route(
                path,
                _answering(work, answer, backend),
                methods=[method],
                name=f"{route.endpoint}_{number}",
                description=f"Stands for the endpoint {route.endpoint}, as the mapping has it.",
                tags=["decisions"],
                responses=described(404, 422, 503, 504),
                openapi_extra=documented(path, [] if route.key is None else [route.key]),
            )


def _answering(
    work: _Work, answer: Callable[[Any], Any], backend: Backend
) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        waited = waited_seconds(request.scope, asyncio.get_running_loop().time())
        found = await work(request, backend.clock() - waited)
        return Response(msgspec.json.encode(answer(found)), media_type="application/json")

    return answered


def _work(route: ApiRoute, words: Words, backend: Backend) -> _Work | None:
    match route.endpoint:
        case "decision" | "explanation":
            return _decision(route, backend)
        case "review":
            return _review(route, words, backend)
        case "erasure":
            return _erasure(route, backend)
        case "models":
            return _models(backend)
        case "health":
            return _health(backend)
    return None


def _decision(route: ApiRoute, backend: Backend) -> _Work:
    async def decision(request: Request, arrived: float) -> object:
        record = await _kept(route, request, await _body(request), arrived, backend)
        return _shown(record, arrived, backend)

    return decision


def _review(route: ApiRoute, words: Words, backend: Backend) -> _Work:
    places = route.review or ReviewPlaces()
    spoken = {getattr(words.decision, verdict): verdict for verdict in _REVIEWED}
    known: dict[str, Verdict] = {**{verdict: verdict for verdict in _REVIEWED}, **spoken}

    async def review(request: Request, arrived: float) -> object:
        body = await _body(request)
        said = _value(places.decision, body, request)
        if not isinstance(said, str) or said not in known:
            allowed = " or ".join(map(quoted, spoken))
            raise _invalid(places.decision, f"should be {allowed} (found {quoted(said)})")
        record = await _kept(route, request, body, arrived, backend)
        reviewer = None if places.reviewer is None else _value(places.reviewer, body, request)
        record.decision = known[said]
        record.reviewed_by = None if reviewer is None else str(reviewer)[:200]
        return _shown(record, arrived, backend)

    return review


def _erasure(route: ApiRoute, backend: Backend) -> _Work:
    async def erasure(request: Request, arrived: float) -> object:
        key = _key(route, await _body(request), request)
        await backend.workers.look_up(waited_seconds=backend.clock() - arrived)
        deleted = backend.engine.archive.erase(key)
        if not deleted:
            raise HTTPException(_NOT_FOUND, f"there is nothing about an applicant {quoted(key)}")
        return _Erased(key, deleted, backend.moment(arrived))

    return erasure


def _models(backend: Backend) -> _Work:
    async def models(_: Request, arrived: float) -> object:
        await backend.workers.look_up(waited_seconds=backend.clock() - arrived)
        return _Deployed(backend.engine.models(), backend.moment(arrived))

    return models


def _health(backend: Backend) -> _Work:
    async def health(_: Request, arrived: float) -> object:
        return _Health("ok", __version__, backend.moment(arrived))

    return health


async def _kept(
    route: ApiRoute, request: Request, body: object, arrived: float, backend: Backend
) -> DecisionRecord:
    key = _key(route, body, request)
    await backend.workers.look_up(waited_seconds=backend.clock() - arrived)
    record = backend.engine.archive.get(key)
    if record is None:
        raise HTTPException(_NOT_FOUND, f"there is no decision {quoted(key)}")
    return record


def _shown(record: DecisionRecord, arrived: float, backend: Backend) -> object:
    decided = backend.engine.shown(record)
    decided.moment = backend.moment(arrived)
    return decided


def _key(route: ApiRoute, body: object, request: Request) -> str:
    """The key that a request names; without a place it is the only one of the path."""
    place = route.key or f"path:{next(iter(request.path_params))}"
    try:
        return str(key_in(_value(place, body, request)))
    except ValueError as error:
        raise _invalid(place, str(error)) from error


def _value(place: Place, body: object, request: Request) -> object:
    part, steps = parsed(place)
    return value_at(body, steps) if part == "body" else value_outside(place, request.scope)


def _invalid(place: Place, problem: str) -> RequestValidationError:
    part, steps = parsed(place)
    found = {"type": "value_error", "loc": (part, *map(str, steps)), "msg": problem}
    return RequestValidationError([found])


async def _body(request: Request) -> object:
    """What was sent as JSON; None without a body."""
    raw = await request.body()
    if not raw:
        return None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise HTTPException(400, "no JSON") from error
