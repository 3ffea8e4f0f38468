"""A Pushgateway's double, a client of it, and a pusher to it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from simulator.pushing.gateway import Pushgateway
from simulator.pushing.mark import Mark
from simulator.pushing.pusher import Pusher
from tests.support.gateway_double import GatewayDouble

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def double() -> Iterator[GatewayDouble]:
    with GatewayDouble() as running:
        yield running


@pytest.fixture
def gateway(double: GatewayDouble) -> Iterator[Pushgateway]:
    with Pushgateway(double.url) as opened:
        yield opened


@pytest.fixture
def unstarted(gateway: Pushgateway, double: GatewayDouble) -> Iterator[Pusher]:
    """A pusher of instance a that is closed at the end, whatever its gateway does."""
    mark = Mark(started=1764.5, interval_seconds=3600.0)
    pusher = Pusher(gateway, instance="a", mark=mark, clock=time.monotonic)
    yield pusher
    double.release()
    pusher.close(delete_groups=False)


@pytest.fixture
def pusher(unstarted: Pusher) -> Pusher:
    unstarted.start().result(5.0)
    return unstarted
