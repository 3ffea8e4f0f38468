import math

import pytest

from simulator.errors import PrometheusError
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.runtime.ports import free_port
from tests.support.prometheus_double import PrometheusDouble


def matrix(points: object) -> dict[str, object]:
    result = [{"metric": {}, "values": points}]
    return {"status": "success", "data": {"resultType": "matrix", "result": result}}


def test_an_instant_query_gives_a_point_per_series(double: PrometheusDouble) -> None:
    result = [{"metric": {"job": "a"}, "value": [1000.5, "3.25"]}]
    double.gives("query", "vector", result)
    with Prometheus(double.url) as prometheus:
        (series,) = prometheus.query("up", at=1000.5)
    assert dict(series.labels) == {"job": "a"}
    assert (series.times.tolist(), series.values.tolist()) == ([1000.5], [3.25])
    assert double.asked == [("POST", "query", {"query": "up", "time": "1000.500"})]


def test_a_range_query_is_posted_with_its_grid(double: PrometheusDouble) -> None:
    points = [[1000, "1"], [1015, "NaN"], [1030, "+Inf"], [1045, "-Inf"]]
    double.gives("query_range", "matrix", [{"metric": {}, "values": points}])
    with Prometheus(double.url) as prometheus:
        (series,) = prometheus.query_range("up", start=1000, end=1045, step_seconds=15)
    assert series.times.tolist() == [1000, 1015, 1030, 1045]
    assert math.isnan(series.values[1])
    assert series.values[[0, 2, 3]].tolist() == [1, math.inf, -math.inf]
    form = {"query": "up", "start": "1000.000", "end": "1045.000", "step": "15.000"}
    assert double.asked == [("POST", "query_range", form)]


def test_a_scalar_is_a_series_without_labels(double: PrometheusDouble) -> None:
    double.gives("query", "scalar", [1000, "42"])
    with Prometheus(double.url) as prometheus:
        (series,) = prometheus.query("42", at=1000)
    assert (dict(series.labels), series.values.tolist()) == ({}, [42])


def test_an_empty_answer_has_no_series(double: PrometheusDouble) -> None:
    double.gives("query", "vector", [])
    with Prometheus(double.url) as prometheus:
        assert prometheus.query("absent", at=0) == ()


def test_values_cannot_be_written_to(double: PrometheusDouble) -> None:
    double.gives("query", "vector", [{"metric": {}, "value": [0, "1"]}])
    with Prometheus(double.url) as prometheus:
        (series,) = prometheus.query("up", at=0)
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 2


def test_a_refused_query_carries_prometheus_own_message(double: PrometheusDouble) -> None:
    body = {"status": "error", "errorType": "bad_data", "error": "1:4: parse error"}
    double.says("query", body, status=400)
    with (
        Prometheus(double.url) as prometheus,
        pytest.raises(PrometheusError, match=r"bad_data: 1:4: parse error \(asked up\(\)"),
    ):
        prometheus.query("up(", at=0)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, b"404 page not found", "answered 404 to POST /api/v1/query: 404 page"),
        (200, {"hello": "world"}, "does not answer as a Prometheus"),
        (200, [1], "does not answer as a Prometheus"),
        (200, {"status": "success", "data": None}, "an answer that cannot be read: Expected"),
        (
            200,
            {"status": "success", "data": {"resultType": "string", "result": [0, "x"]}},
            "type 'string' holds no numbers",
        ),
        (
            200,
            {
                "status": "success",
                "data": {"resultType": "vector", "result": [{"metric": {}, "histogram": [0, {}]}]},
            },
            "native histograms are not read",
        ),
        (200, matrix([[0, "x"]]), "an answer that cannot be read: Expected"),
        (200, matrix([[0, "1", "2"]]), "an answer that cannot be read: Expected"),
        (200, matrix([[[0], "1"]]), "an answer that cannot be read: Expected"),
        (200, matrix({"a": 1}), "an answer that cannot be read: Expected"),
    ],
)
def test_other_answers_are_refused_and_named(
    double: PrometheusDouble, status: int, body: object, message: str
) -> None:
    double.says("query", body, status=status)
    with Prometheus(double.url) as prometheus, pytest.raises(PrometheusError, match=message):
        prometheus.query("up", at=0)


def test_a_slow_answer_is_given_up_once_and_is_not_called_unreachable(
    double: PrometheusDouble,
) -> None:
    double.is_slow = True
    with (
        Prometheus(double.url, timeout_seconds=0.1) as prometheus,
        pytest.raises(PrometheusError, match=r"not answer within 0\.1 s \(asked slow\)") as caught,
    ):
        prometheus.query("slow", at=0)
    assert not isinstance(caught.value, UnreachablePrometheusError)
    assert len(double.asked) == 1


@pytest.fixture
def closed_url() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_nothing_listening_is_said_so(closed_url: str) -> None:
    with (
        Prometheus(closed_url) as prometheus,
        pytest.raises(UnreachablePrometheusError, match="cannot be reached: Connection refused"),
    ):
        prometheus.query("up", at=0)


def test_label_values_and_series_are_asked_within_a_span(double: PrometheusDouble) -> None:
    double.says("label/job/values", {"status": "success", "data": ["a", "b"]})
    double.says("series", {"status": "success", "data": [{"job": "a"}]})
    with Prometheus(double.url) as prometheus:
        assert prometheus.label_values("job", match="up", start=1, end=2) == ("a", "b")
        assert prometheus.series("up") == ({"job": "a"},)
    span = {"match[]": "up", "start": "1.000", "end": "2.000"}
    assert double.asked == [
        ("GET", "label/job/values", span),
        ("GET", "series", {"match[]": "up"}),
    ]


def test_a_time_that_is_no_number_is_refused_before_it_is_sent(double: PrometheusDouble) -> None:
    with Prometheus(double.url) as prometheus, pytest.raises(ValueError, match="nan is not a time"):
        prometheus.query("up", at=math.nan)
    assert double.asked == []
