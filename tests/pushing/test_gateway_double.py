"""The Pushgateway's double behaves as one."""

from __future__ import annotations

import requests

from tests.support.gateway_double import GatewayDouble


def test_the_double_keeps_what_was_put_and_lists_its_labels() -> None:
    with GatewayDouble() as double:
        url = f"{double.url}/metrics/job/a/instance@base64/eC95"
        assert requests.put(url, data=b"m 1\n", timeout=5).status_code == 200
        listed = requests.get(f"{double.url}/api/v1/metrics", timeout=5).json()

    assert double.body_of("a", "x/y") == b"m 1\n"
    assert [group["labels"] for group in listed["data"]] == [{"job": "a", "instance": "x/y"}]


def test_the_double_refuses_connections_once_stopped_and_comes_back_on_the_same_port() -> None:
    with GatewayDouble() as double, requests.Session() as session:
        url = f"{double.url}/-/ready"
        assert session.get(url, timeout=5).ok
        double.stop()
        try:
            session.get(url, timeout=5)
        except requests.ConnectionError:
            was_refused = True
        double.start()

        assert was_refused
        assert session.get(url, timeout=5).ok
