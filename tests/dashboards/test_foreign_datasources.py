"""Files of other Grafanas find the data sources of this one, or it is said which cannot."""

import json

import pytest

from tests.support.dashboard_files import Json
from tests.support.fake_grafana import LOKI, OTHER_PROMETHEUS, PROMETHEUS
from tests.support.foreign_dashboards import (
    ABSENT,
    ELSEWHERE,
    HERE,
    board,
    mapped,
    panel,
    query,
    references,
    variables,
)

pytestmark = pytest.mark.usefixtures("import_tools")

PROMETHEUS_INPUT = {"name": "DS_PROMETHEUS", "type": "datasource", "pluginId": "prometheus"}
LOKI_ELSEWHERE = {"type": "loki", "uid": "logs"}
MIXED = {"type": "datasource", "uid": "-- Mixed --"}


# --------------------------------------------------------------------- references to Prometheus


@pytest.mark.parametrize(
    "theirs",
    [
        ELSEWHERE,
        {"type": "prometheus"},
        {"type": "", "uid": ""},
        {"type": "prometheus", "uid": "${DS_PROMETHEUS}"},
        {"uid": "PBFA97CFB590B2093"},
        {"type": "victoriametrics-metrics-datasource", "uid": "v"},
        "Their Prometheus",
        "${DS_PROMETHEUS}",
        "default",
        "Prometheus",
        None,
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("of_query", [ABSENT, "the same"], ids=["inherited", "repeated"])
def test_each_way_to_name_a_prometheus_leads_to_the_one_here(
    theirs: object, of_query: object
) -> None:
    own = [query() if of_query is ABSENT else query(theirs)]
    result = mapped(board(panel(theirs, *own)))
    assert result["problems"] == []
    assert references(result)[0] == HERE
    assert set(map(str, references(result)[1:])) <= {str(HERE), str(None)}


def test_a_panel_that_names_nothing_asks_the_prometheus_that_was_chosen() -> None:
    result = mapped(board(panel()), (OTHER_PROMETHEUS, PROMETHEUS))
    assert references(result) == [{"type": "prometheus", "uid": "prom2"}]


def test_a_prometheus_that_is_here_is_left_though_another_was_chosen() -> None:
    result = mapped(board(panel(HERE)), (OTHER_PROMETHEUS, PROMETHEUS))
    assert references(result) == [HERE]
    assert result["notes"] == []


def test_what_was_taken_for_what_is_said() -> None:
    assert mapped(board(panel(ELSEWHERE)))["notes"] == [
        "'PBFA97CFB590B2093' is taken for Prometheus"
    ]


def test_texts_stay_texts_where_grafana_itself_raises_the_version() -> None:
    assert references(mapped(board(panel("gone"), schemaVersion=30))) == ["prom1"]


def test_panels_in_rows_are_reached() -> None:
    collapsed = {"type": "row", "title": "More", "panels": [panel(ELSEWHERE)]}
    result = mapped(board(collapsed) | {"rows": [{"panels": [panel(ELSEWHERE)]}]})
    text = json.dumps(result["dashboard"])
    assert text.count("prom1") == 2
    assert ELSEWHERE["uid"] not in text


def test_annotations_and_variables_are_reached() -> None:
    theirs = board(panel(HERE)) | variables(
        {"name": "job", "type": "query", "datasource": ELSEWHERE, "query": "label_values(up, job)"},
        {"name": "host", "type": "query", "query": {"query": "label_values(up, host)"}},
        {"name": "filter", "type": "adhoc", "datasource": ELSEWHERE},
    )
    theirs["annotations"] = {"list": [{"name": "deploys", "datasource": ELSEWHERE, "expr": "x"}]}
    result = mapped(theirs)["dashboard"]
    found = [*result["templating"]["list"], *result["annotations"]["list"]]
    assert [one["datasource"] for one in found] == [HERE] * 4


# ----------------------------------------------------------------------------------- the inputs


@pytest.mark.parametrize("form", ["${DS_PROMETHEUS}", ELSEWHERE | {"uid": "${DS_PROMETHEUS}"}])
def test_an_input_is_replaced_wherever_it_stands(form: object) -> None:
    theirs = board(panel(form, query(form)), __inputs=[PROMETHEUS_INPUT], __requires=[])
    theirs["description"] = "over ${DS_PROMETHEUS}"
    result = mapped(theirs)
    assert not {"__inputs", "__requires", "__elements"} & set(result["dashboard"])
    assert "DS_PROMETHEUS" not in json.dumps(result["dashboard"])
    assert result["problems"] == []
    assert result["notes"] == ["${DS_PROMETHEUS} is Prometheus"]


def test_a_constant_gets_the_value_that_the_file_suggests() -> None:
    constant = {"name": "VAR_JOB", "type": "constant", "value": "api"}
    theirs = board(panel(HERE, query(expr='up{job="${VAR_JOB}"}')), __inputs=[constant])
    assert 'up{job=\\"api\\"}' in json.dumps(mapped(theirs)["dashboard"])


def test_an_expression_is_no_data_source_to_look_for() -> None:
    expression = {"name": "DS_EXPRESSION", "type": "datasource", "pluginId": "__expr__"}
    theirs = board(
        panel(HERE, query({"type": "__expr__", "uid": "${DS_EXPRESSION}"})), __inputs=[expression]
    )
    result = mapped(theirs)
    assert references(result)[1] == {"type": "__expr__", "uid": "__expr__"}
    assert result["problems"] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "DS_T", "type": "datasource", "pluginId": "tempo"}, "there is no tempo"),
        ({"name": "VAR_X", "type": "constant"}, "'VAR_X' has no value"),
    ],
)
def test_an_input_without_an_answer_is_named(given: Json, said: str) -> None:
    (problem,) = mapped(board(panel(HERE), __inputs=[given]))["problems"]
    assert said in problem


# ------------------------------------------------------------------------- other data sources


@pytest.mark.parametrize(
    "built_in",
    [
        {"type": "datasource", "uid": "-- Dashboard --"},
        {"type": "grafana", "uid": "-- Grafana --"},
        {"type": "__expr__", "uid": "__expr__"},
        {"type": "datasource", "uid": "grafana"},
    ],
    ids=lambda d: d["uid"],
)
def test_what_grafana_answers_itself_is_left(built_in: Json) -> None:
    result = mapped(board(panel(built_in)))
    assert references(result) == [built_in]
    assert result["problems"] == []


def test_a_mixed_panel_has_each_query_mapped() -> None:
    theirs = panel(MIXED, query(ELSEWHERE), query(LOKI_ELSEWHERE, refId="B"), query(refId="C"))
    result = mapped(board(theirs))
    assert references(result) == [MIXED, HERE, {"type": "loki", "uid": "loki1"}, HERE]
    assert result["problems"] == []


def test_the_only_source_of_another_type_is_taken() -> None:
    result = mapped(board(panel(LOKI_ELSEWHERE)))
    assert references(result) == [{"type": "loki", "uid": "loki1"}]


@pytest.mark.parametrize(
    ("theirs", "said"),
    [
        (panel(LOKI_ELSEWHERE), "panel 'Requests': no data source 'logs' is here"),
        (panel("Logs of theirs", query(expr='{app="x"} |= "e"')), "its type is not told"),
        (panel(MIXED, query(LOKI_ELSEWHERE)), "panel 'Requests', query A: no data source 'logs'"),
        (panel("${db}", {"refId": "A", "rawSql": "select 1"}), "no data source '${db}' is here"),
    ],
)
def test_what_cannot_be_mapped_is_named_with_its_panel(theirs: Json, said: str) -> None:
    (problem,) = mapped(board(theirs), (PROMETHEUS,))["problems"]
    assert said in problem


def test_two_sources_of_a_type_are_no_choice() -> None:
    two = (PROMETHEUS, LOKI, LOKI | {"uid": "loki2", "name": "More logs"})
    (problem,) = mapped(board(panel(LOKI_ELSEWHERE)), two)["problems"]
    assert "no loki to choose" in problem


# ------------------------------------------------------------------ variables of data sources


@pytest.mark.parametrize("form", ["$ds", "${ds}", "[[ds]]", {"type": "x", "uid": "${ds}"}])
def test_a_variable_of_data_sources_is_left_and_points_to_the_one_chosen(form: object) -> None:
    theirs = board(panel(form)) | variables(
        {"name": "ds", "type": "datasource", "query": "prometheus"}
    )
    result = mapped(theirs, (OTHER_PROMETHEUS, PROMETHEUS))
    assert references(result) == [form]
    assert result["dashboard"]["templating"]["list"][0]["current"]["value"] == "prom2"


def test_a_variable_of_a_type_that_speaks_promql_offers_prometheus() -> None:
    theirs = {"name": "ds", "type": "datasource", "query": "grafana-amazonprometheus-datasource"}
    (variable,) = mapped(board(panel("$ds")) | variables(theirs))["dashboard"]["templating"]["list"]
    assert (variable["query"], variable["current"]["value"]) == ("prometheus", "prom1")


def test_a_variable_of_another_type_does_not_point_to_prometheus() -> None:
    theirs = board(panel(HERE)) | variables({"name": "l", "type": "datasource", "query": "loki"})
    assert mapped(theirs)["dashboard"]["templating"]["list"][0]["current"]["value"] == "loki1"
    (problem,) = mapped(theirs, (PROMETHEUS,))["problems"]
    assert problem == "variable 'l': there is no loki to choose"


def test_a_variable_that_does_not_offer_the_one_chosen_is_named() -> None:
    only = {"name": "ds", "type": "datasource", "query": "prometheus", "regex": "/^eu-/"}
    (problem,) = mapped(board(panel("$ds")) | variables(only))["problems"]
    assert "offers only what matches /^eu-/" in problem


def test_a_constant_that_names_a_source_of_theirs_is_named() -> None:
    constant = {"name": "ds", "type": "constant", "query": "theirs"}
    (problem,) = mapped(board(panel("$ds")) | variables(constant))["problems"]
    assert "variable 'ds' names a data source that is not here" in problem
