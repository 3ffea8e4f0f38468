from collections.abc import Callable

import pytest

from simulator.errors import PrometheusError
from simulator.grafana.bound_panels import ForeignDataSourceError
from simulator.grafana.model import Panel
from simulator.grafana.parsing import dashboard_from
from simulator.observation.every_panel import Observation, Opened, Unreadable, every_panel
from simulator.observation.over_time import over_time
from simulator.observation.panel_values import PanelValues
from simulator.observation.prometheus import Prometheus, UnreachablePrometheusError
from simulator.observation.replay import Moments
from simulator.progress import Progress, Report, unreported
from tests.support.prometheus_double import PrometheusDouble

Found = Observation[PanelValues] | Unreadable


def look(
    double: PrometheusDouble,
    *panels: dict[str, object],
    is_wanted: Callable[[Panel], bool] = lambda _: True,
    report: Report = unreported,
) -> list[Found]:
    board = dashboard_from({"title": "B", "uid": "b", "panels": list(panels)})
    with Prometheus(double.url) as prometheus:
        found = every_panel(
            [board],
            prometheus,
            Opened(1030.0),
            over_time(Moments(1000.0, 1030.0, 10.0)),
            is_wanted=is_wanted,
            report=report,
        )
        return list(found)


def stat(*targets: dict[str, object], **keys: object) -> dict[str, object]:
    return {"type": "stat", "title": "S", "targets": list(targets) or [UP], **keys}


UP: dict[str, object] = {"expr": "up", "instant": True}
LOGS: dict[str, object] = {"expr": "x", "datasource": {"type": "loki"}}


def answers(double: PrometheusDouble) -> None:
    found = [{"metric": {"l": "a"}, "values": [[1010, "7"]]}]
    double.gives("query_range", "matrix", found)


def test_each_panel_comes_with_what_was_seen_of_it(double: PrometheusDouble) -> None:
    answers(double)
    (found,) = look(double, stat())
    assert isinstance(found, Observation)
    assert [one.levels.tolist() for one in found.seen.fields[0].series] == [[7.0]]
    assert found.error == ""


def test_panels_that_cannot_be_read_are_named_and_not_asked(double: PrometheusDouble) -> None:
    (found,) = look(double, stat(type="geomap"))
    assert isinstance(found, Unreadable)
    said = "panel type 'geomap': it places markers on a map"
    assert (found.reason, double.asked) == (said, [])


def test_a_query_to_another_source_leaves_the_others_their_answers(
    double: PrometheusDouble,
) -> None:
    answers(double)
    (found,) = look(double, stat(LOGS, UP))
    assert isinstance(found, Observation)
    assert [type(one.error) for one in found.results] == [ForeignDataSourceError, type(None)]
    assert found.error == "target A asks data source 'loki', not Prometheus"
    assert found.seen.fields[0].has_points


def test_a_refused_query_is_an_error_of_its_own(double: PrometheusDouble) -> None:
    body = {"status": "error", "errorType": "bad_data", "error": "parse error"}
    double.says("query_range", body, status=400)
    (found,) = look(double, stat())
    assert isinstance(found, Observation)
    assert isinstance(found.results[0].error, PrometheusError)
    assert found.error.startswith("bad_data: parse error")


def test_hidden_targets_have_no_result_and_empty_ones_no_answer(double: PrometheusDouble) -> None:
    (found,) = look(double, stat({**UP, "hide": True}, {"expr": " "}))
    assert isinstance(found, Observation)
    assert [(one.answers, one.error) for one in found.results] == [((), None)]
    assert double.asked == []


def test_nothing_that_answers_ends_all_of_it() -> None:
    board = dashboard_from({"panels": [stat()]})
    with Prometheus("http://127.0.0.1:9") as prometheus:
        found = every_panel(
            [board], prometheus, Opened(1030.0), over_time(Moments(1000.0, 1030.0, 10.0))
        )
        with pytest.raises(UnreachablePrometheusError):
            list(found)


def test_panels_that_are_not_wanted_are_not_asked(double: PrometheusDouble) -> None:
    assert look(double, stat(), is_wanted=lambda panel: panel.title != "S") == []
    assert double.asked == []


def test_progress_counts_the_panels(double: PrometheusDouble) -> None:
    answers(double)
    heard: list[Progress] = []
    look(double, stat(), stat(title="T"), report=heard.append)
    assert heard == [Progress("panels", 1, 2, "S"), Progress("panels", 2, 2, "T")]


@pytest.mark.parametrize(
    ("opened", "own", "span"),
    [
        (Opened(10_000.0), "now-2m", 120.0),
        (Opened(10_000.0), "now/h", 2800.0),
        (Opened(10_000.0, time_range=60.0), "now-2m", 60.0),
    ],
)
def test_the_range_given_stands_before_the_dashboards(
    double: PrometheusDouble, opened: Opened, own: str, span: float
) -> None:
    board = dashboard_from({"title": "B", "time": {"from": own}, "panels": [stat()]})
    with Prometheus(double.url) as prometheus:
        (found,) = opened.panels(board, prometheus)
    assert found.query_options.span == span


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"time": {"from": "lately", "to": "now"}}, "time range 'lately'"),
        ({"timezone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
    ],
)
def test_a_time_that_is_none_is_said_of_each_panel(
    double: PrometheusDouble, settings: dict[str, object], reason: str
) -> None:
    board = dashboard_from({"title": "B", "panels": [stat(), stat(title="T")], **settings})
    with Prometheus(double.url) as prometheus:
        look = over_time(Moments(1000.0, 1030.0, 10.0))
        found = list(every_panel([board], prometheus, Opened(1030.0), look))
    assert [isinstance(one, Unreadable) and reason in one.reason for one in found] == [True, True]
    assert double.asked == []
