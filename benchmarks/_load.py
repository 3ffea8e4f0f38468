"""A light HTTP load at a given pace: `python _load.py PORT SECONDS PER_SECOND BATCH`.

Applications are sent when they are due, whatever the API does, each on a connection that waits for
nothing; alone where BATCH is 0, else so many together. Requests are rendered before the clock
starts and answers are parsed in C, so that the server is what is measured; how busy the client was
is part of the result, a line of JSON. A line before it says when the count begins.
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
_N_CONNECTIONS = 256  # more than are ever on their way
_WARM_SECONDS = 0.5
_WHOLE = {"incidents_24m", "ficp_flag", "inquiries_6m", "permanent_contract", "home_owner"}


@dataclass(frozen=True)
class Load:
    """What one run of the client did: answers by status, and the share of its time it worked."""

    per_second: float
    statuses: dict[str, int]
    client_busy_ratio: float

    @property
    def n_answers(self) -> int:
        """Answers of every status."""
        return sum(self.statuses.values())


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


def _requests(n_together: int) -> list[bytes]:
    every = bodies()
    if not n_together:
        return [_rendered("/v1/score", body) for body in every]
    parts = [every[i : i + n_together] for i in range(0, len(every) - n_together, n_together)]
    batches = [b'{"channel":"web","applications":[%s]}' % b",".join(part) for part in parts]
    return [_rendered("/v1/score/batch", batch) for batch in batches]


def _rendered(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """A connection with at most one request on its way; it goes back to `idle` with the answer."""

    def __init__(self, idle: "list[_Connection]", statuses: Counter[int]) -> None:
        self._idle = idle
        self._statuses = statuses
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is ready."""
        self._transport = cast("asyncio.Transport", transport)
        self._idle.append(self)

    def send(self, request: bytes) -> None:
        """Sends one request."""
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Hands the bytes to the parser."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Counts the answer."""
        self._statuses[self._parser.get_status_code()] += 1
        self._parser = httptools.HttpResponseParser(self)
        self._idle.append(self)

    def close(self) -> None:
        """Ends the connection."""
        if self._transport is not None:
            self._transport.abort()


def _same(connection: _Connection) -> _Connection:
    return connection


async def _paced(
    requests: Iterator[bytes], idle: list[_Connection], seconds: float, per_second: float
) -> None:
    """Sends what is due, as long as connections are left for it."""
    began, n_sent = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < seconds:
        while n_sent < passed * per_second and idle:
            idle.pop().send(next(requests))
            n_sent += 1
        await asyncio.sleep(max((n_sent + 1) / per_second - passed, 0.0))


async def _load(port: int, seconds: float, per_second: float, n_together: int) -> Load:
    loop = asyncio.get_running_loop()
    requests = itertools.cycle(_requests(n_together))
    statuses: Counter[int] = Counter()
    idle: list[_Connection] = []
    connections = [_Connection(idle, statuses) for _ in range(_N_CONNECTIONS)]
    for connection in connections:
        await loop.create_connection(partial(_same, connection), "127.0.0.1", port)
    sending = asyncio.create_task(_paced(requests, idle, _WARM_SECONDS + seconds, per_second))
    await asyncio.sleep(_WARM_SECONDS)  # connections and caches get warm
    statuses.clear()
    print("counting", flush=True)
    began, began_busy = time.perf_counter(), time.process_time()
    await sending
    elapsed, busy = time.perf_counter() - began, time.process_time() - began_busy
    counted = {str(status): n for status, n in sorted(statuses.items())}
    for connection in connections:
        connection.close()
    return Load(sum(counted.values()) / elapsed, counted, busy / elapsed)


if __name__ == "__main__":
    port, seconds, per_second, n_together = sys.argv[1:]
    load = uvloop.run(_load(int(port), float(seconds), float(per_second), int(n_together)))
    print(json.dumps(asdict(load)))
