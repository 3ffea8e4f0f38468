"""Requests that no route serves: how many of each shape there were.

What a client sends here that the platform does not have is what its mapping lacks. Nothing of what
was said in them is kept.
"""

import re
from collections import Counter
from typing import Annotated, Final, NamedTuple

import msgspec
from pydantic import BaseModel, Field
from pydantic.types import JsonValue
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from simulator.api.shapes import body_shape, path_shape, query_shape

__all__ = ["UnknownRequest", "UnknownRequests", "UnknownRequestsState"]

_MOST_SHAPES: Final = 200
_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")
_OWN: Final = "/simulation/"

Count = Annotated[int, Field(ge=0)]


class UnknownRequest(BaseModel):
    """Requests of one shape: `{id}` stands for what looks like a number or somebody's key.

    `status` is 404 where there is no such path, and 405 where it has other methods. `body` has keys
    and the types of their values; it is null without a body in JSON or of a form.
    """

    method: str
    path: str
    status: int
    query: list[str]
    media_type: str | None
    body: JsonValue
    requests: Count


class UnknownRequestsState(BaseModel):
    """All requests that no route served since the start, most frequent first.

    `not_listed` of the `requests` came after 200 shapes were known, and are of others.
    """

    requests: Count
    not_listed: Count
    shapes: list[UnknownRequest]


class _Shape(NamedTuple):
    method: str
    path: str
    status: int
    query: tuple[str, ...]
    media_type: str | None
    body: bytes  # as JSON, so that it can be told from others


class UnknownRequests:
    """Counts them; of at most 200 shapes."""

    def __init__(self) -> None:
        self._counts: Counter[_Shape] = Counter()
        self._not_listed = 0

    async def count(self, request: Request, status: int) -> None:
        """Counts a request that was answered with 404 or 405 because no route serves it.

        What belongs to the simulator is none of the platform's, and is passed over.
        """
        if request.scope["path"].startswith(_OWN):
            return
        shape = await _shape_of(request, status)
        if shape in self._counts or len(self._counts) < _MOST_SHAPES:
            self._counts[shape] += 1
        else:
            self._not_listed += 1

    @property
    def state(self) -> UnknownRequestsState:
        """What has been counted."""
        return UnknownRequestsState(
            requests=self._counts.total() + self._not_listed,
            not_listed=self._not_listed,
            shapes=[
                UnknownRequest(
                    method=shape.method,
                    path=shape.path,
                    status=shape.status,
                    query=list(shape.query),
                    media_type=shape.media_type,
                    body=msgspec.json.decode(shape.body),
                    requests=count,
                )
                for shape, count in self._counts.most_common()
            ],
        )


async def _shape_of(request: Request, status: int) -> _Shape:
    raw = await _body(request)
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    media_type = given if _MEDIA_TYPE.fullmatch(given) else None
    return _Shape(
        method=request.method if request.method in _METHODS else "other",
        path=path_shape(request.scope["path"]),
        status=status,
        query=query_shape(request.scope["query_string"].decode("latin-1")),
        media_type=media_type,
        body=msgspec.json.encode(
            body_shape(raw, media_type) if raw and media_type else None, order="sorted"
        ),
    )


async def _body(request: Request) -> bytes:
    """What was sent; nothing where it was too large, too slow, or broken off."""
    try:
        return await request.body()
    except (HTTPException, ClientDisconnect):
        return b""
