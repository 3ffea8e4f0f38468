"""A Pushgateway's double, and a client of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.pushing.gateway import Pushgateway
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
