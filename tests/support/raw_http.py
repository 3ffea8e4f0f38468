"""An application on a real socket, and raw bytes sent to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.runtime.serving import listening_socket, serve

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp

BOUND = 20.0  # seconds; only a failing test waits that long
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


@dataclass
class Connection:
    """A client's side of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, *parts: bytes) -> None:
        """Hands bytes to the kernel, which takes them at once as long as they are few."""
        self.writer.write(b"".join(parts))

    async def answer(self) -> bytes:
        """All that comes until the server ends the connection, or an answer with a length."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return head + await self.reader.readexactly(int(length or 0))

    async def is_ended(self) -> bool:
        """Whether the server ends the connection, by itself or by the kernel's reset."""
        try:
            return await self.reader.read() == b""
        except ConnectionError:
            return True


def talking(
    app: ASGIApp, talk: Callable[[Callable[[], Awaitable[Connection]]], Awaitable[None]]
) -> None:
    """Serves `app` while `talk`, which is given a way to connect, has not ended."""

    async def both() -> None:
        stop = asyncio.Event()
        connections: list[Connection] = []
        with listening_socket("127.0.0.1", 0) as bound:
            host, port = bound.getsockname()

            async def connect() -> Connection:
                connections.append(Connection(*await asyncio.open_connection(host, port)))
                return connections[-1]

            server = asyncio.create_task(serve(app, bound, stop))
            try:
                await talk(connect)
            finally:
                for connection in connections:
                    connection.writer.close()
                stop.set()
                await server

    asyncio.run(asyncio.wait_for(both(), BOUND))
