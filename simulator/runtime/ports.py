"""Loopback ports for programs that want a number on their command line."""

import errno
import socket

from simulator.errors import StackError

__all__ = ["LOOPBACK", "claim_port", "free_port"]

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nothing on loopback listens on at this moment.

    Another process may take it before it is used: whoever starts a program on it tries again with
    another one when the program says that the address is in use.

    >>> 1024 < free_port() < 65536
    True
    """
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def claim_port(port: int, program: str) -> int:
    """`port`, having checked that it is free.

    Raises:
        StackError: when something listens on it already, or it may not be used.
    """
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"refused: {error.strerror}"
            raise StackError(
                f"port {port} for {program} {reason}; stop what listens there, or start without "
                "fixed ports"
            ) from error
    return port
