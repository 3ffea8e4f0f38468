"""The verdicts on a panel, over what a Prometheus answers."""

from collections.abc import Mapping, Sequence

import pytest

from simulator.coverage.causes.effects import Effects
from simulator.coverage.cover import CoverPlan, cover
from simulator.coverage.verdicts import Coverage, FieldCoverage, PanelCoverage, Verdict
from simulator.errors import CoverageError, PrometheusError
from simulator.grafana.parsing import dashboard_from
from simulator.observation.prometheus import Prometheus
from simulator.scenario.timed_run import EpisodeSpan
from tests.support.prometheus_double import PrometheusDouble

STEPS = [{"color": "green"}, {"value": 10, "color": "orange"}, {"value": 20, "color": "red"}]
RISE: list[list[object]] = [[1000, "1"], [1010, "12"], [1020, "5"], [1030, "18"]]
TARGET = {"expr": "up", "instant": True, "legendFormat": "{{l}}"}
EPISODES = (
    EpisodeSpan("before", "errors", 900.0, 985.0),
    EpisodeSpan("all day", "errors", 0.0, 9000.0),
    EpisodeSpan("long", "errors", 1000.0, 1030.0),
    EpisodeSpan("short", "errors", 1025.0, 1040.0),
)


def panel(**keys: object) -> dict[str, object]:
    config = {"defaults": {"thresholds": {"steps": STEPS}}}
    return {"type": "stat", "title": "P", "targets": [TARGET], "fieldConfig": config, **keys}


def covered(double: PrometheusDouble, *panels: Mapping[str, object], **keys: object) -> Coverage:
    return caused(double, None, *panels, **keys)


def caused(
    double: PrometheusDouble,
    effects: Effects | None,
    *panels: Mapping[str, object],
    **keys: object,
) -> Coverage:
    board = dashboard_from({"title": "Board", "uid": "b", "panels": list(panels), **keys})
    plan = CoverPlan(1000.0, 1034.0, resolution=10.0, episodes=EPISODES, effects=effects)
    with Prometheus(double.url) as prometheus:
        return cover([board], prometheus, plan)


def judged(double: PrometheusDouble, **keys: object) -> PanelCoverage:
    (found,) = covered(double, panel(**keys)).panels
    return found


def field_of(found: PanelCoverage) -> FieldCoverage:
    (only,) = found.fields
    return only


@pytest.mark.parametrize("kind", ["stat", "gauge", "bargauge"])
def test_each_step_has_its_verdict_and_witness(double: PrometheusDouble, kind: str) -> None:
    double.plots("up", a=RISE)
    field = field_of(judged(double, type=kind))
    assert [(s.color, s.value, s.verdict) for s in field.steps] == [
        ("green", None, Verdict.EXERCISED),
        ("orange", 10.0, Verdict.EXERCISED),
        ("red", 20.0, Verdict.NOT_REACHED),
    ]
    orange = field.steps[1]
    assert (orange.first_seen, orange.last_seen, orange.seconds) == (1010.0, 1030.0, 20.0)
    assert orange.seen_in == "a"


def test_a_step_that_was_missed_tells_how_near_it_was(double: PrometheusDouble) -> None:
    double.plots("up", a=RISE)
    nearest = field_of(judged(double)).steps[2].nearest
    assert nearest is not None
    assert (nearest.value, nearest.at, nearest.distance) == (18.0, 1030.0, 2.0)


def test_the_episodes_that_were_on_meanwhile_are_named_the_best_match_first(
    double: PrometheusDouble,
) -> None:
    double.plots("up", a=RISE)
    green, orange, _ = field_of(judged(double)).steps
    # a point tells of the ten seconds before it: 1000 and 1020, 1010 and 1030
    assert orange.episodes == ("long", "short", "all day")
    assert green.episodes == ()


def test_an_episode_that_touches_nothing_of_a_query_is_not_named(double: PrometheusDouble) -> None:
    class LongOnUp:
        def touches(self, episode: str, queries: Sequence[str]) -> bool:
            return episode == "long" and "up" in queries

    double.plots("up", a=RISE)
    double.plots("down", a=RISE)
    found = panel(targets=[TARGET, {**TARGET, "expr": "down"}])
    up, down = caused(double, LongOnUp(), found).panels[0].fields
    assert (up.steps[1].episodes, down.steps[1].episodes) == (("long",), ())


@pytest.mark.parametrize("hide", [True, False])
def test_an_expression_is_touched_through_what_it_reads(
    double: PrometheusDouble, *, hide: bool
) -> None:
    class ShortOnDown:
        def touches(self, episode: str, queries: Sequence[str]) -> bool:
            return episode == "short" and tuple(queries) == ("down",)

    double.plots("down", a=RISE)
    source = {"datasource": {"type": "__expr__", "uid": "__expr__"}}
    targets = [
        {**TARGET, "expr": "down", "refId": "A", "hide": hide},
        {**source, "refId": "B", "type": "math", "expression": "$A + 0"},
    ]
    board = panel(targets=targets)
    fields = caused(double, ShortOnDown(), board).panels[0].fields
    assert {one.steps[1].episodes for one in fields} == {("short",)}


def test_series_of_one_query_are_one_field(double: PrometheusDouble) -> None:
    double.plots("up", a=RISE, b=[[1000, "25"], [1010, "25"]])
    found = judged(double)
    field = field_of(found)
    assert (field.name, found.verdict) == ("{{l}}", Verdict.EXERCISED)
    assert [(s.seconds, s.seen_in) for s in field.steps] == [(20, "a"), (20, "a"), (20, "b")]


def test_each_query_is_a_field_of_its_own(double: PrometheusDouble) -> None:
    double.plots("up", a=RISE)
    double.plots("down", b=[[1000, "30"]])
    targets = [TARGET, {**TARGET, "expr": "down", "legendFormat": "Down"}]
    found = judged(double, targets=targets)
    assert [(f.name, f.source, f.verdict) for f in found.fields] == [
        ("a", "A lastNotNull", Verdict.NOT_REACHED),
        ("Down", "B lastNotNull", Verdict.NOT_REACHED),
    ]


def test_a_query_without_data_is_missed_though_others_have_some(double: PrometheusDouble) -> None:
    double.plots("up", a=RISE, b=[[1000, "30"]])
    double.plots("down")
    targets = [TARGET, {**TARGET, "expr": "down", "legendFormat": "Down"}]
    found = judged(double, targets=targets)
    up, down = found.fields
    assert (up.verdict, down.verdict, found.verdict) == (
        Verdict.EXERCISED,
        Verdict.NO_DATA,
        Verdict.NO_DATA,
    )
    assert (down.name, down.reason) == ("Down", "Prometheus has nothing for its query")
    assert [(s.color, s.verdict) for s in down.steps] == [
        (color, Verdict.NO_DATA) for color in ("green", "orange", "red")
    ]


def test_the_steps_of_a_field_without_data_are_those_of_its_override(
    double: PrometheusDouble,
) -> None:
    double.plots("up")
    own = {"id": "thresholds", "value": {"steps": [{"color": "blue"}, {"value": 1, "color": "x"}]}}
    config = {
        "defaults": {"thresholds": {"steps": STEPS}},
        "overrides": [{"matcher": {"id": "byName", "options": "Up"}, "properties": [own]}],
    }
    found = judged(double, targets=[{**TARGET, "legendFormat": "Up"}], fieldConfig=config)
    assert [step.color for step in field_of(found).steps] == ["blue", "x"]


def test_the_column_of_a_table_without_data_keeps_its_name_and_steps(
    double: PrometheusDouble,
) -> None:
    double.plots("up")
    double.plots("down", a=[[1000, "1"]])
    table = {**TARGET, "format": "table"}
    found = judged(
        double,
        type="table",
        targets=[table, {**table, "expr": "down"}],
        fieldConfig={
            "defaults": {"thresholds": {"steps": STEPS}},
            "overrides": [
                {
                    "matcher": {"id": "byName", "options": "PSI"},
                    "properties": [
                        {"id": "custom.cellOptions", "value": {"type": "color-background"}}
                    ],
                }
            ],
        },
        transformations=[
            {"id": "merge", "options": {}},
            {"id": "organize", "options": {"renameByName": {"Value #A": "PSI"}}},
        ],
    )
    psi = [field for field in found.fields if field.name == "PSI"]
    assert [(f.verdict, len(f.steps)) for f in psi] == [(Verdict.NO_DATA, 3)]


def test_an_empty_query_is_no_data_though_grafana_sends_nothing(double: PrometheusDouble) -> None:
    found = judged(double, targets=[{**TARGET, "expr": ""}])
    assert (found.verdict, field_of(found).reason) == (Verdict.NO_DATA, "the query is empty")
    assert double.asked == []


def test_a_hidden_query_is_not_asked(double: PrometheusDouble) -> None:
    double.plots("up", a=[[1000, "1"], [1010, "11"], [1020, "21"]])
    found = judged(double, targets=[TARGET, {"expr": "down", "hide": True}])
    assert found.verdict is Verdict.EXERCISED


def test_a_panel_of_data_without_a_query_has_none(double: PrometheusDouble) -> None:
    found = judged(double, targets=[])
    assert (found.verdict, found.reason) == (Verdict.NO_DATA, "it has no query")


def test_only_nan_is_no_data(double: PrometheusDouble) -> None:
    double.plots("up", a=[[1000, "NaN"], [1010, "NaN"]])
    field = field_of(judged(double))
    assert (field.verdict, field.reason) == (Verdict.NO_DATA, "only NaN")


def test_a_refused_query_is_its_fields_error_in_prometheus_own_words(
    double: PrometheusDouble,
) -> None:
    double.plots("up", a=RISE)
    double.refuses("up(", "parse error: unclosed left parenthesis")
    found = judged(double, targets=[TARGET, {**TARGET, "expr": "up("}])
    assert [f.verdict for f in found.fields] == [Verdict.NOT_REACHED, Verdict.ERROR]
    assert found.fields[1].reason.startswith("bad_data: parse error: unclosed left parenthesis")
    assert found.verdict is Verdict.ERROR


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"type": "geomap"}, "panel type 'geomap'"),
        ({"transformations": [{"id": "heatmap"}]}, "transformation 'heatmap'"),
        ({"options": {"reduceOptions": {"calcs": ["mode"]}}}, "reducer 'mode' is not known here"),
        ({"libraryPanel": {"name": "Shared"}, "targets": None}, "library panel 'Shared'"),
    ],
)
def test_what_cannot_be_read_as_grafana_does_is_unsupported(
    double: PrometheusDouble, keys: dict[str, object], reason: str
) -> None:
    double.plots("up", a=RISE)
    whole = {key: value for key, value in panel(**keys).items() if value is not None}
    (found,) = covered(double, whole).panels
    assert found.verdict is Verdict.UNSUPPORTED
    assert reason in found.reason
    assert found.fields == ()


@pytest.mark.parametrize(
    "source", [{"type": "loki", "uid": "l"}, {"type": "mysql", "uid": "m"}, "-- Dashboard --"]
)
def test_another_data_source_is_unsupported(double: PrometheusDouble, source: object) -> None:
    # such targets keep their query elsewhere
    found = judged(double, targets=[{"rawSql": "select 1"}], datasource=source)
    assert (found.verdict, field_of(found).verdict) == (Verdict.UNSUPPORTED,) * 2
    assert "not Prometheus" in field_of(found).reason


@pytest.mark.parametrize(
    ("keys", "is_judged"),
    [
        ({"type": "stat"}, True),
        ({"type": "stat", "options": {"colorMode": "none"}}, False),
        ({"type": "timeseries"}, False),
        ({"type": "piechart"}, False),
        ({"type": "table", "targets": [{**TARGET, "format": "table"}]}, False),
    ],
)
def test_where_no_thresholds_are_drawn_data_alone_decides(
    double: PrometheusDouble, keys: dict[str, object], *, is_judged: bool
) -> None:
    double.plots("up", a=RISE)
    found = judged(double, **keys)
    assert bool(found.fields[0].steps) is is_judged
    assert (found.verdict is Verdict.EXERCISED) is not is_judged


def test_a_plot_that_draws_its_thresholds_is_judged_by_all_points(
    double: PrometheusDouble,
) -> None:
    double.plots("up", a=RISE)
    drawn = {"thresholdsStyle": {"mode": "area"}}
    config = {"defaults": {"thresholds": {"steps": STEPS}, "custom": drawn}}
    found = judged(double, type="timeseries", fieldConfig=config)
    assert [step.seconds for step in field_of(found).steps] == [20.0, 20.0, 0.0]


def test_without_thresholds_grafanas_own_apply(double: PrometheusDouble) -> None:
    double.plots("up", a=[[1000, "79"], [1010, "80"]])
    steps = field_of(judged(double, fieldConfig={})).steps
    assert [(s.color, s.value, s.seconds) for s in steps] == [("green", None, 10), ("red", 80, 10)]


def test_a_step_no_value_can_be_on_says_so(double: PrometheusDouble) -> None:
    double.plots("up", a=RISE)
    steps = [{"color": "green"}, {"value": 20, "color": "orange"}, {"value": 10, "color": "red"}]
    found = judged(double, fieldConfig={"defaults": {"thresholds": {"steps": steps}}})
    orange = field_of(found).steps[1]
    assert orange.verdict is Verdict.NOT_REACHED
    assert orange.reason == "no value is on it: the step after it begins at or below"


def test_a_step_whose_values_a_mapping_recolours_is_not_seen(double: PrometheusDouble) -> None:
    double.plots("up", a=[*RISE, [1040, "25"]])
    mapping = {"type": "range", "options": {"from": 10, "to": 19, "result": {"color": "blue"}}}
    defaults = {"thresholds": {"steps": STEPS}, "mappings": [mapping]}
    orange = field_of(judged(double, fieldConfig={"defaults": defaults})).steps[1]
    assert orange.verdict is Verdict.NOT_REACHED
    assert "a value mapping gives these values another colour" in orange.reason


def test_an_override_with_thresholds_for_no_field_is_found(double: PrometheusDouble) -> None:
    double.plots("up", a=[[1000, "1"]])
    own = {"id": "thresholds", "value": {"steps": STEPS}}
    config = {
        "defaults": {"thresholds": {"steps": STEPS[:1]}},
        "overrides": [{"matcher": {"id": "byName", "options": "gone"}, "properties": [own]}],
    }
    found = judged(double, fieldConfig=config)
    assert [(f.name, f.verdict) for f in found.fields] == [
        ("a", Verdict.EXERCISED),
        ("gone", Verdict.NO_DATA),
    ]
    assert found.fields[1].reason == "its override (byName) is for no field"


def test_an_override_may_be_for_the_field_of_a_refused_query(double: PrometheusDouble) -> None:
    double.plots("up", a=RISE)
    double.refuses("up(", "parse error: unclosed left parenthesis")
    own = {"id": "thresholds", "value": {"steps": STEPS}}
    override = {"matcher": {"id": "byName", "options": "b"}, "properties": [own]}
    targets = [TARGET, {**TARGET, "expr": "up("}]
    found = judged(double, targets=targets, fieldConfig={"overrides": [override]})
    assert "b" not in {field.name for field in found.fields}


@pytest.mark.parametrize(
    ("kind", "is_found"),
    [("stat", True), ("gauge", True), ("bargauge", True), ("timeseries", False)],
)
def test_before_any_field_is_seen_the_type_says_whether_an_override_is_painted(
    double: PrometheusDouble, kind: str, *, is_found: bool
) -> None:
    double.plots("up")
    own = {"id": "thresholds", "value": {"steps": STEPS}}
    override = {"matcher": {"id": "byName", "options": "gone"}, "properties": [own]}
    found = judged(double, type=kind, fieldConfig={"overrides": [override]})
    assert ("gone" in {field.name for field in found.fields}) == is_found


def test_a_repeated_panel_is_judged_once_per_value(double: PrometheusDouble) -> None:
    double.plots('up{job="x"}', a=RISE)
    double.plots('up{job="y"}')
    job = {"name": "job", "type": "custom", "query": "x,y", "current": {"value": "$__all"}}
    whole = panel(title="of $job", repeat="job", targets=[{**TARGET, "expr": 'up{job="$job"}'}])
    found = covered(double, whole, templating={"list": [job]}).panels
    assert [(p.title, p.verdict) for p in found] == [
        ("of x", Verdict.NOT_REACHED),
        ("of y", Verdict.NO_DATA),
    ]


def test_a_panel_with_a_time_shift_is_judged_by_the_viewers_time(double: PrometheusDouble) -> None:
    double.plots("up", a=[[940, "15"], [950, "1"]])
    found = judged(double, timeShift="1m")
    assert field_of(found).steps[1].first_seen == 1000.0
    assert float(double.asked[0][2]["start"]) == 940.0


def test_macros_are_those_of_the_time_range_it_is_opened_with(double: PrometheusDouble) -> None:
    board = {"time": {"from": "now-1h", "to": "now"}}
    covered(double, panel(targets=[{**TARGET, "expr": "x[$__range]"}]), **board)
    assert double.asked[0][2]["query"] == "x[3600s]"


def test_a_dashboard_is_complete_only_with_panels(double: PrometheusDouble) -> None:
    assert not covered(double).is_complete
    assert not covered(double, {"type": "text"}, {"type": "row", "panels": []}).is_complete


def test_a_prometheus_that_does_not_answer_ends_it(double: PrometheusDouble) -> None:
    board = dashboard_from({"title": "Board", "panels": [panel()]})
    with (
        Prometheus("http://127.0.0.1:9") as nobody,
        pytest.raises(PrometheusError, match="cannot be reached"),
    ):
        cover([board], nobody, CoverPlan(1000.0, 1034.0))
    assert double.asked == []


@pytest.mark.parametrize(
    ("start", "end", "resolution", "said"),
    [
        (10.0, 10.0, 15.0, "holds no time"),
        (0.0, 10.0, 0.0, "no step of time"),
        (0.0, 1e9, 15.0, "more than 1,000,000 moments"),
    ],
)
def test_a_span_that_cannot_be_looked_at_is_refused(
    start: float, end: float, resolution: float, said: str
) -> None:
    with pytest.raises(CoverageError, match=said):
        CoverPlan(start, end, resolution)


FIXED = {"id": "color", "value": {"mode": "fixed", "fixedColor": "purple"}}
LINES = {"id": "custom.thresholdsStyle", "value": {"mode": "line"}}
RANGE = {**TARGET, "instant": False}


@pytest.mark.parametrize(
    ("painted", "settings", "drawn", "others"),
    [
        ("a", {"type": "stat"}, {}, [FIXED]),
        ("a", {"type": "bargauge"}, {}, [FIXED]),
        ("a", {"type": "timeseries"}, {"color": {"mode": "thresholds"}}, [FIXED]),
        ("b", {"type": "timeseries"}, {}, [LINES]),
    ],
)
def test_series_that_an_override_paints_otherwise_are_judged_apart(
    double: PrometheusDouble,
    painted: str,
    settings: Mapping[str, object],
    drawn: Mapping[str, object],
    others: list[object],
) -> None:
    double.plots("up", a=[[1000, "12"], [1010, "12"]], b=[[1000, "25"], [1010, "1"]])
    override = {"matcher": {"id": "byName", "options": "b"}, "properties": others}
    config = {"defaults": {"thresholds": {"steps": STEPS}, **drawn}, "overrides": [override]}
    target = RANGE if settings["type"] == "timeseries" else TARGET
    found = judged(double, targets=[target], fieldConfig=config, **settings)
    plain, colored = sorted(found.fields, key=lambda one: len(one.steps))
    assert (colored.name, plain.steps, plain.verdict) == (painted, (), Verdict.EXERCISED)
    reached = [s.color for s in colored.steps if s.verdict is Verdict.EXERCISED]
    assert reached == (["orange"] if painted == "a" else ["green", "red"])


def test_fields_of_one_query_are_told_apart_by_their_series(double: PrometheusDouble) -> None:
    double.plots("up", a=RISE, b=RISE, c=RISE, d=RISE)
    override = {"matcher": {"id": "byRegexp", "options": "/a|b/"}, "properties": [FIXED]}
    config = {"defaults": {"thresholds": {"steps": STEPS}}, "overrides": [override]}
    names = [one.name for one in judged(double, fieldConfig=config).fields]
    assert names == ["{{l}}: a, b", "{{l}}: c, d"]


def test_panels_that_ask_nothing_are_named_beside_those_that_are_judged(
    double: PrometheusDouble,
) -> None:
    double.plots("up", a=RISE)
    text, clock = {"type": "text", "title": "Help"}, {"type": "a-clock", "title": "Now"}
    (board,) = covered(double, text, panel(), clock).dashboards
    assert [one.title for one in board.panels] == ["P"]
    assert [(one.path, one.title, one.type, one.reason) for one in board.excluded] == [
        ("panels[0]", "Help", "text", "it asks nothing"),
        ("panels[2]", "Now", "a-clock", "it asks nothing"),
    ]


@pytest.mark.parametrize("key", ["timeCompare", "compareWith"])
def test_a_time_comparison_is_named_and_not_judged(double: PrometheusDouble, key: str) -> None:
    double.plots("up", a=RISE)
    (note,) = [one for one in judged(double, **{key: "1d"}).findings if one.code == "not-compared"]
    assert "'1d' before" in note.message
    assert not note.is_failure
    assert "not-compared" not in [one.code for one in judged(double).findings]


def test_a_refusal_of_metricsql_says_so(double: PrometheusDouble) -> None:
    refused = 'parse error: unknown function with name "range_median"'
    double.refuses("range_median(up)", refused)
    field = field_of(judged(double, targets=[{**TARGET, "expr": "range_median(up)"}]))
    assert field.verdict is Verdict.ERROR
    assert field.reason.endswith("range_median is of MetricsQL, which Prometheus does not speak")
