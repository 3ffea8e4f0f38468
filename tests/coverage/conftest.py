from collections.abc import Iterator

import pytest
from prometheus_double import PrometheusDouble


@pytest.fixture
def double() -> Iterator[PrometheusDouble]:
    with PrometheusDouble() as server:
        yield server
