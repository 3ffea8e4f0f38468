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


def test_a_time_that_is_none_is_said_of_each_panel(double: PrometheusDouble) -> None:
    time, reason = {"from": "lately", "to": "now"}, "time range 'lately'"
    board = dashboard_from({"title": "B", "panels": [stat(), stat(title="T")], "time": time})
    with Prometheus(double.url) as prometheus:
        look = over_time(Moments(1000.0, 1030.0, 10.0))
        found = list(every_panel([board], prometheus, Opened(1030.0), look))
    assert [isinstance(one, Unreadable) and reason in one.reason for one in found] == [True, True]
    assert double.asked == []


EXPRESSION = {"type": "__expr__", "uid": "__expr__"}


def calculated(kind: str, text: str, **settings: object) -> dict[str, object]:
    return {"refId": "C", "type": kind, "expression": text, "datasource": EXPRESSION, **settings}


def hidden(ref_id: str, expr: str, **settings: object) -> dict[str, object]:
    return {"refId": ref_id, "expr": expr, "instant": True, "hide": True, **settings}


def test_an_expression_is_calculated_from_queries_that_are_not_shown(
    double: PrometheusDouble,
) -> None:
    double.plots("a", x=[[1000, "3"], [1010, "4"]], y=[[1000, "5"]])
    targets = [hidden("A", "a"), calculated("math", "$A * 2")]
    (found,) = look(double, stat(targets=targets))
    assert isinstance(found, Observation)
    assert [(one.name, one.levels.tolist()) for one in found.seen.fields[0].series] == [
        ("C x", [6.0, 8.0]),
        ("C y", [10.0]),
    ]


def test_an_expression_may_read_another(double: PrometheusDouble) -> None:
    double.plots("a", x=[[990, "1"], [1000, "3"], [1010, "8"]])
    mean = {**calculated("reduce", "A", reducer="max"), "refId": "B", "hide": True}
    asked = {**hidden("A", "a"), "instant": False, "range": True}
    targets = [asked, mean, calculated("threshold", "B", conditions=[OVER_FIVE])]
    (found,) = look(double, stat(targets=targets, interval="10s"))
    assert isinstance(found, Observation)
    assert found.error == ""
    assert found.seen.fields[0].series[0].levels.tolist() == [0.0, 0.0, 1.0, 1.0]


OVER_FIVE = {"evaluator": {"type": "gt", "params": [5]}}


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (calculated("math", "$X"), "expression C reads X, which the panel does not have"),
        (calculated("math", "$C"), "expression C reads C, which the panel does not have"),
        (calculated("math", "1 +"), "'1 +' is no expression: its end is not expected"),
        (
            calculated("sql", "SELECT 1"),
            "target C is an expression of kind 'sql', a statement of SQL over the answers",
        ),
        (calculated("math", "$A"), "target A asks data source 'loki', not Prometheus"),
    ],
)
def test_an_expression_that_cannot_be_calculated_says_why(
    double: PrometheusDouble, target: dict[str, object], said: str
) -> None:
    logs = hidden("A", "x", datasource={"type": "loki", "uid": "l"})
    (found,) = look(double, stat(targets=[logs, target]))
    assert isinstance(found, Observation)
    assert [str(one.error) for one in found.results] == [said]


LOKI = {"type": "loki", "uid": "l"}


@pytest.mark.parametrize(
    ("kind", "targets", "said"),
    [
        ("logs", [{"refId": "A", "expr": "{}", "datasource": LOKI}], "asks data source 'loki'"),
        ("grafana-x-panel", [{"refId": "B", "datasource": LOKI}], "target B asks data source"),
        ("logs", [{"refId": "A", "expr": "up"}], "panel type 'logs': it prints lines of text"),
        (
            "logs",
            [{"refId": "A", "expr": "up"}, {"refId": "B", "datasource": LOKI}],
            "panel type 'logs'",
        ),
        ("grafana-polystat-panel", [{"refId": "A", "expr": "up"}], "its polygons have thresholds"),
        ("somebodys-panel", [{"refId": "A", "expr": "up"}], "a plugin, of which nobody here knows"),
    ],
)
def test_the_data_source_is_the_reason_where_no_target_asks_prometheus(
    double: PrometheusDouble, kind: str, targets: list[object], said: str
) -> None:
    (found,) = look(double, stat(type=kind, targets=targets))
    assert isinstance(found, Unreadable)
    assert said in found.reason
