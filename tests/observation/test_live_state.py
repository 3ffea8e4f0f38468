"""How a live run is doing, as Prometheus tells it."""

from simulator.observation.live_state import LiveState, live_state
from simulator.observation.prometheus import Prometheus
from tests.support.prometheus_double import PrometheusDouble


def test_it_tells_in_how_many_ticks_the_simulator_was_the_limit(double: PrometheusDouble) -> None:
    double.gives("query", "vector", [])
    answer = '{"status": "success", "data": {"resultType": "vector", "result": [%s]}}'
    limited = answer % '{"metric": {}, "value": [1000, "46"]}'
    double.answers_to["max(simulator_ticks_limited_total)"] = (200, limited.encode())

    with Prometheus(double.url) as prometheus:
        state = live_state(prometheus, at=1000.0, window="5s")

    assert state == LiveState(0, (), 0.0, ticks_limited=46)
