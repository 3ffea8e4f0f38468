"""Sockets are kept to what an exchange may take, and closed where it may take no more."""

import socket

import pytest

from simulator.http.exchange_budget import ExchangeBudget
from simulator.http.sockets import connected


class Brief(ExchangeBudget):
    """A budget that is used up once a connection is asked for."""

    n_left = 1

    @property
    def left_seconds(self) -> float:
        if self.n_left:
            self.n_left -= 1
            return 5.0
        raise TimeoutError("the exchange took too long")


def test_a_connection_that_takes_all_the_time_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with (
            Brief(seconds=5.0, most_bytes=1).in_force(),
            pytest.raises(TimeoutError),
        ):
            connected(*listening.getsockname())
        listening.settimeout(5.0)
        accepted, _ = listening.accept()
        with accepted:
            accepted.settimeout(5.0)
            assert accepted.recv(1) == b""
