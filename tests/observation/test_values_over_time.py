"""What a panel showed, all at once, is what it shows moment by moment."""

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.grafana.frames import Answer, Series
from simulator.grafana.model import Panel
from simulator.grafana.parsing import dashboard_from
from simulator.observation import over_time
from simulator.observation.over_time import values_over_time
from simulator.observation.panel_values import PanelValues
from simulator.observation.replay import Moments, Replayed

EVERY = 10.0
MOMENTS = Moments(1000.0, 1050.0, EVERY)
STEPS = [{"color": "green"}, {"value": 10, "color": "orange"}, {"value": 20, "color": "red"}]
Points = dict[float, float]
Plain = tuple[float, float | None, bool]


def panel(**keys: object) -> Panel:
    config = {"defaults": {"thresholds": {"steps": STEPS}}, "overrides": []}
    whole = {"type": "stat", "targets": [], "fieldConfig": config, **keys}
    return dashboard_from({"title": "B", "panels": [whole]}).panels[0]


def series(labels: Mapping[str, str], points: Points) -> Series:
    times = np.array(sorted(points), dtype=np.float64)
    return Series(labels, times, np.array([points[time] for time in times.tolist()]))


def replay(of: Panel, *answers: list[Series], window: float | None = 0.0) -> list[Replayed]:
    return [
        Replayed(Answer(target, tuple(found)), EVERY, window)
        for target, found in zip(of.targets, answers, strict=True)
    ]


def as_plain(
    seen: PanelValues,
) -> dict[tuple[str, str, str], list[tuple[float, float | None, bool]]]:
    """Points by field and series, comparable; text cells have no number."""
    return {
        (field.key.source, field.key.calc, one.name): [
            (time, None if math.isnan(level) else level, hidden)
            for time, level, hidden in zip(
                one.times.tolist(), one.levels.tolist(), one.is_hidden.tolist(), strict=True
            )
        ]
        for field in seen.fields
        for one in field.series
    }


INSTANT = {"expr": "x", "instant": True, "legendFormat": "{{l}}"}
TABLE = {"expr": "x", "instant": True, "format": "table"}
PANELS = {
    "stat": panel(targets=[INSTANT]),
    "two queries": panel(
        targets=[{**INSTANT, "refId": "A"}, {**INSTANT, "refId": "B", "legendFormat": "B"}],
        fieldConfig={
            "defaults": {"thresholds": {"steps": STEPS}},
            "overrides": [
                {
                    "matcher": {"id": "byFrameRefID", "options": "B"},
                    "properties": [{"id": "thresholds", "value": {"steps": STEPS[:2]}}],
                }
            ],
        },
    ),
    "two reducers": panel(
        targets=[INSTANT], options={"reduceOptions": {"calcs": ["last", "mean"]}}
    ),
    "names by label": panel(targets=[{**INSTANT, "legendFormat": "__auto"}]),
    "bars": panel(type="bargauge", targets=[INSTANT]),
    "table": panel(
        type="table",
        targets=[TABLE],
        fieldConfig={
            "defaults": {
                "thresholds": {"steps": STEPS},
                "custom": {"cellOptions": {"type": "color-background"}},
            }
        },
    ),
    "merged table": panel(
        type="table",
        targets=[{**TABLE, "refId": "A"}, {**TABLE, "refId": "B"}],
        transformations=[
            {"id": "merge", "options": {}},
            {
                "id": "organize",
                "options": {"excludeByName": {"Time": True}, "renameByName": {"Value #A": "PSI"}},
            },
            {"id": "sortBy", "options": {"sort": [{"field": "PSI", "desc": True}]}},
        ],
    ),
    "bar chart": panel(type="barchart", targets=[TABLE]),
    "bar chart by label": panel(type="barchart", targets=[TABLE], options={"xField": "l"}),
    "bar chart by value": panel(type="barchart", targets=[TABLE], options={"xField": "Value"}),
    "share of a range": panel(
        targets=[INSTANT],
        fieldConfig={"defaults": {"thresholds": {"mode": "percentage", "steps": STEPS}}},
    ),
    "coloured by a mapping": panel(
        targets=[INSTANT],
        fieldConfig={
            "defaults": {
                "thresholds": {"steps": STEPS},
                "mappings": [
                    {"type": "range", "options": {"from": 12, "result": {"color": "blue"}}}
                ],
            }
        },
    ),
}
VALUES = st.one_of(st.floats(0, 30), st.sampled_from([math.nan, math.inf, 10.0, 20.0]))
POINTS = st.dictionaries(st.sampled_from(MOMENTS.times.tolist()), VALUES, min_size=1)
ANSWER = st.dictionaries(st.sampled_from(["a", "b", "c"]), POINTS, max_size=3).map(
    lambda found: [series({"l": name}, points) for name, points in sorted(found.items())]
)


@pytest.mark.parametrize("name", PANELS)
@settings(max_examples=20)
@given(data=st.data())
def test_all_moments_at_once_are_what_each_of_them_is(name: str, data: st.DataObject) -> None:
    of = PANELS[name]
    answers = replay(of, *(data.draw(ANSWER) for _ in of.targets))
    one_by_one = over_time._one_by_one(of, answers, MOMENTS)
    assert as_plain(values_over_time(of, answers, MOMENTS)) == as_plain(one_by_one)


def test_what_depends_on_other_values_is_looked_at_one_by_one() -> None:
    slow = {name for name, of in PANELS.items() if not over_time._is_value_by_value(of, [])}
    assert slow == {
        "share of a range",
        "coloured by a mapping",
        "bar chart by label",  # no answer here, hence no label
        "bar chart by value",
    }


def test_a_plot_counts_every_finite_point() -> None:
    of = panel(type="timeseries", targets=[{"expr": "x", "legendFormat": "{{l}}"}])
    found = [series({"l": "a"}, {1000: 1.0, 1010: math.nan, 1020: math.inf, 1030: 25.0})]
    (field,) = values_over_time(of, replay(of, found, window=None), MOMENTS).fields
    assert field.series[0].times.tolist() == [1000.0, 1030.0]


def test_a_reduced_range_looks_back_over_its_window() -> None:
    of = panel(
        targets=[{"expr": "x", "legendFormat": "{{l}}"}],
        options={"reduceOptions": {"calcs": ["max"]}},
    )
    found = [series({"l": "a"}, dict.fromkeys(MOMENTS.times.tolist(), 0.0) | {1010: 30.0})]
    (field,) = values_over_time(of, replay(of, found, window=20.0), MOMENTS).fields
    # 30 at 1010 is the highest within 20 s until 1030
    assert field.series[0].levels.tolist() == [0.0, 30.0, 30.0, 30.0, 0.0, 0.0]


def test_a_range_query_ends_at_the_last_multiple_of_its_step() -> None:
    of = panel(targets=[{"expr": "x"}])
    coarse = [series({}, {1000: 1.0, 1025: 2.0, 1050: 3.0})]
    answers = [Replayed(Answer(of.targets[0], tuple(coarse)), 25.0, 50.0)]
    (field,) = values_over_time(of, answers, MOMENTS).fields
    assert field.series[0].levels.tolist() == [1.0, 1.0, 1.0, 2.0, 2.0, 3.0]


def test_a_share_of_a_range_is_judged_in_percent() -> None:
    of = PANELS["share of a range"]
    found = [series({"l": "a"}, {1000: 0.0}), series({"l": "b"}, {1000: 50.0})]
    (field,) = values_over_time(of, replay(of, found), MOMENTS).fields
    assert [one.levels.tolist() for one in field.series] == [[0.0], [100.0]]


def test_values_that_a_mapping_recolours_are_marked() -> None:
    of = PANELS["coloured by a mapping"]
    found = [series({"l": "a"}, {1000: 11.0, 1010: 12.0})]
    (field,) = values_over_time(of, replay(of, found), MOMENTS).fields
    assert field.series[0].is_hidden.tolist() == [False, True]


def test_what_cannot_be_read_is_named() -> None:
    of = panel(targets=[INSTANT], transformations=[{"id": "spatial", "options": {}}])
    seen = values_over_time(of, replay(of, [series({"l": "a"}, {1000: 1.0})]), MOMENTS)
    assert seen.unsupported == ("transformation 'spatial'",)


def test_moments_are_thinned_where_each_is_worked_out_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(over_time, "MOST_VIEWS", 3)
    of = PANELS["share of a range"]
    found = [series({"l": "a"}, dict.fromkeys(MOMENTS.times.tolist(), 1.0))]
    seen = values_over_time(of, replay(of, found), MOMENTS)
    assert (len(seen.fields[0].series[0].times), seen.spacing) == (3, 20.0)


@pytest.mark.parametrize(("reducer", "wanted"), [("max", [1, 25, 25, 25]), ("min", [1, 1, 1, 3])])
def test_a_line_in_the_colour_of_a_reducer_has_that_of_its_points_in_sight(
    reducer: str, wanted: list[float]
) -> None:
    color = {"mode": "thresholds", "seriesBy": reducer}
    config = {"defaults": {"thresholds": {"steps": STEPS}, "color": color}}
    of = panel(type="timeseries", targets=[{"expr": "x"}], fieldConfig=config)
    points = {1000.0: 1.0, 1010.0: 25.0, 1020.0: 12.0, 1030.0: 3.0}
    seen = values_over_time(
        of, replay(of, [series({"l": "a"}, points)], window=20.0), Moments(1000.0, 1030.0, EVERY)
    )
    assert seen.fields[0].series[0].levels.tolist() == wanted


def plotted(*transformations: dict[str, object], **points: Points) -> PanelValues:
    """What a plot of ten-second points showed over half a minute, of which 20 s are in sight."""
    config = {
        "defaults": {
            "thresholds": {"steps": STEPS},
            "custom": {"thresholdsStyle": {"mode": "line"}},
        }
    }
    of = panel(
        type="timeseries",
        targets=[{"expr": "x", "legendFormat": "{{l}}"}],
        fieldConfig=config,
        transformations=list(transformations),
    )
    found = [series({"l": name}, values) for name, values in points.items()]
    return values_over_time(of, replay(of, found, window=20.0), Moments(1000.0, 1030.0, EVERY))


RISING = {980.0: 5.0, 990.0: 7.0, 1000.0: 9.0, 1010.0: 15.0, 1020.0: 25.0, 1030.0: 35.0}


def test_a_plot_of_the_first_rows_shows_those_that_are_first_at_each_moment() -> None:
    (field,) = plotted({"id": "limit", "options": {"limitField": 2}}, a=RISING).fields
    (line,) = field.series
    assert (line.times.tolist(), line.levels.tolist()) == (
        [1000.0, 1010.0, 1020.0],
        [9.0, 15.0, 25.0],
    )


def test_a_plot_of_reduced_rows_has_no_time_and_shows_nothing() -> None:
    assert plotted({"id": "reduce", "options": {"reducers": ["max"]}}, a=RISING).fields == ()


def test_a_limit_from_data_is_that_of_each_moment() -> None:
    rule = {"fieldName": "b", "handlerKey": "max"}
    options = {"configRefId": "A", "mappings": [rule]}
    settings: dict[str, object] = {"id": "configFromData", "options": options}
    seen = plotted(settings, b=RISING, a=RISING)
    assert seen.unsupported == ()
    assert seen.fields[0].series[0].name == "a"
