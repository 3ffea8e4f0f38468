"""urllib3's pools of connections, made of bounded sockets."""

import socket
import ssl
from typing import cast
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from simulator.http.endpoint import Endpoint
from simulator.http.sockets import BoundedSocket, connected

__all__ = ["pool_of"]

_MOST_KEPT = 16  # connections of one session: more threads than that never share one


def pool_of(endpoint: Endpoint) -> HTTPConnectionPool:
    """The connections to an endpoint, none of them open yet."""
    parts = urlsplit(endpoint.url)
    host = parts.hostname or ""
    if parts.scheme == "http":
        return _Pool(host, parts.port, maxsize=_MOST_KEPT)
    context = ssl.create_default_context(cafile=endpoint.ca_file)
    return _TlsPool(host, parts.port, maxsize=_MOST_KEPT, ssl_context=context)


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _opened(self)

    def connect(self) -> None:
        super().connect()
        self.sock = cast("socket.socket", BoundedSocket(self.sock))


class _TlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _opened(self)

    def connect(self) -> None:
        super().connect()
        self.sock = cast("socket.socket", BoundedSocket(self.sock))


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _opened(connection: HTTPConnection) -> socket.socket:
    """A connected socket; errors are of the kinds that urllib3 tells from a broken connection."""
    try:
        return connected(connection.host, connection.port)
    except TimeoutError:
        raise
    except (socket.gaierror, UnicodeError) as error:
        name_error = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
        raise NameResolutionError(connection.host, connection, name_error) from error
    except OSError as error:
        raise NewConnectionError(connection, str(error)) from error
