"""A light HTTP load: `python _load.py PORT SECONDS CONNECTIONS`, its count as a line of JSON.

Every connection sends the next application as soon as it has its answer. Requests are rendered
before the clock starts and answers are parsed in C, so that the server is what is measured; how
busy the client was is part of the result.
"""

import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from typing import cast

import httptools
import uvloop

from simulator.scenario.vocabulary import FEATURES
from simulator.seeding import generator
from simulator.simulation.applicants import applicants, correlated_normals

_N_BODIES = 256
_WHOLE = {"incidents_24m", "ficp_flag", "inquiries_6m", "permanent_contract", "home_owner"}


@dataclass(frozen=True)
class Load:
    """What one run of the client did: answers by status, and the share of its time it worked."""

    per_second: float
    statuses: dict[str, int]
    client_busy_ratio: float


def bodies(n_bodies: int = _N_BODIES) -> list[bytes]:
    """JSON bodies of as many different applications, the same in every run."""
    normals = generator(1, "benchmark applications").standard_normal((n_bodies, len(FEATURES)))
    rows = applicants(correlated_normals(normals)).tolist()
    return [_body(number, row) for number, row in enumerate(rows)]


def _body(number: int, row: list[float]) -> bytes:
    features = {
        name: int(value) if name in _WHOLE else round(value, 4)
        for name, value in zip(FEATURES, row, strict=True)
    }
    application = {
        "channel": "web",
        "applicant": {"applicant_id": f"benchmark-{number}"},
        "features": features,
    }
    return json.dumps(application, separators=(",", ":")).encode()


def _rendered(body: bytes) -> bytes:
    head = (
        "POST /v1/score HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """A connection that always has one request on its way."""

    def __init__(self, requests: Iterator[bytes], statuses: Counter[int]) -> None:
        self._requests = requests
        self._statuses = statuses
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        """Hands the bytes to the parser."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Counts the answer and sends the next request."""
        self._statuses[self._parser.get_status_code()] += 1
        self._parser = httptools.HttpResponseParser(self)
        if self._transport is not None:
            self._transport.write(next(self._requests))

    def close(self) -> None:
        """Ends the connection."""
        if self._transport is not None:
            self._transport.abort()


def _same(connection: _Connection) -> _Connection:
    return connection


async def _load(port: int, seconds: float, n_connections: int) -> Load:
    loop = asyncio.get_running_loop()
    requests = itertools.cycle([_rendered(body) for body in bodies()])
    statuses: Counter[int] = Counter()
    connections = [_Connection(requests, statuses) for _ in range(n_connections)]
    for connection in connections:
        await loop.create_connection(partial(_same, connection), "127.0.0.1", port)
    await asyncio.sleep(seconds / 4)  # connections and caches get warm
    statuses.clear()
    began, began_busy = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    elapsed, busy = time.perf_counter() - began, time.process_time() - began_busy
    counted = {str(status): n for status, n in sorted(statuses.items())}
    for connection in connections:
        connection.close()
    return Load(sum(counted.values()) / elapsed, counted, busy / elapsed)


if __name__ == "__main__":
    port, seconds, n_connections = sys.argv[1:]
    load = uvloop.run(_load(int(port), float(seconds), int(n_connections)))
    print(json.dumps(asdict(load)))
