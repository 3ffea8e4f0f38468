"""Where Locust's web page listens: on loopback unless told otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from simulator.runtime.ports import free_port
from tests.support.locust_runs import Locust
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(100)]

LOOPBACK, EVERYWHERE = "0100007F", "00000000"


def listening(port: int) -> set[str]:
    """Addresses, in hexadecimal, on which something listens at a port."""
    found = set()
    for table in ("tcp", "tcp6"):
        with open(f"/proc/net/{table}", encoding="ascii") as lines:  # noqa: PTH123 - no ordinary file
            for line in list(lines)[1:]:
                address, number = line.split()[1].split(":")
                if int(number, 16) == port and line.split()[3] == "0A":
                    found.add(address)
    return found


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}", timeout=2.0).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize(
    ("options", "addresses"),
    [((), {LOOPBACK}), (("--web-host", "0.0.0.0"), {EVERYWHERE})],  # noqa: S104 - told to
)
def test_the_page_listens_on_loopback_unless_told_otherwise(
    tmp_path: Path, options: tuple[str, ...], addresses: set[str]
) -> None:
    port = free_port()
    page = ("--host", "http://127.0.0.1:1", "--web-port", str(port), *options)
    with Locust(tmp_path, *page) as locust:
        wait_until(lambda: answers(port), lambda: locust.log)
        assert listening(port) == addresses
