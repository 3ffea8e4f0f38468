from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.scoring_client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client() -> Iterator[Client]:
    """An API that answers at once and never fails by chance."""
    with Client() as opened:
        yield opened


@pytest.fixture(scope="module")
def lasting_client() -> Iterator[Client]:
    """The same for all tests of a module; each leaves the counter empty."""
    with Client() as opened:
        yield opened
