"""Transformations that are part of Grafana's app, which no library gives answers for."""

import numpy as np
import pytest

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Field, Frame, number_field, text_field
from simulator.grafana.model import Transformation
from simulator.grafana.transformations import Transformed, transformed

LIMITS = Frame("B", (number_field("min", [0.0]), number_field("max", [50.0])))


def series(ref_id: str, host: str, *values: float, start: float = 1000.0) -> Frame:
    times = number_field("Time", start + 15.0 * np.arange(len(values)), "time")
    numbers = np.array(values, dtype=float)
    return Frame(ref_id, (times, Field("Value", "number", numbers, labels={"host": host})))


def table(*columns: Field) -> Frame:
    return Frame("A", columns)


def applied(name: str, *frames: Frame, **options: object) -> Transformed:
    return transformed(frames, [Transformation(name, options)])


def cells(frame: Frame) -> dict[str, list[object]]:
    named = zip(frame_names(frame, [frame]), frame.fields, strict=True)
    return {name: list(field.cells()) for name, field in named}


HOSTS = table(text_field("host", ["a", "b", "a"]), number_field("load", [1.0, 2.0, 3.0]))


def test_values_of_a_column_part_a_table() -> None:
    parts = applied("partitionByValues", HOSTS, fields=["host"]).frames
    assert [cells(part) for part in parts] == [{"load a": [1.0, 3.0]}, {"load b": [2.0]}]
    kept = applied("partitionByValues", HOSTS, fields=["host"], keepFields=True).frames
    assert [len(part.fields) for part in kept] == [2, 2]


def test_a_table_is_parted_under_names_where_labels_are_not_wanted() -> None:
    naming = {"asLabels": False, "withNames": True}
    parts = applied("partitionByValues", HOSTS, fields=["host"], naming=naming).frames
    assert [list(cells(part)) for part in parts] == [["host=a load"], ["host=b load"]]


def test_rows_are_columns_named_by_their_text_and_labelled_by_the_others() -> None:
    rows = table(
        text_field("host", ["a", "b"]),
        number_field("load", [1.0, 2.0]),
        text_field("zone", ["x", "y"]),
    )
    (found,) = applied("rowsToFields", rows).frames
    assert [(f.name, f.labels, f.numbers.tolist()) for f in found.fields] == [
        ("a", {"zone": "x"}, [1.0]),
        ("b", {"zone": "y"}, [2.0]),
    ]


def test_a_row_may_say_how_its_column_is_configured() -> None:
    rows = table(text_field("host", ["a"]), number_field("load", [1.0]), number_field("max", [9.0]))
    (found,) = applied("rowsToFields", rows).frames
    assert found.fields[0].settings == {"max": 9.0}


def test_settings_come_from_the_cells_of_a_query() -> None:
    (found,) = applied("configFromData", series("A", "a", 1.0), LIMITS, configRefId="B").frames
    assert found.fields[1].settings == {"min": 0.0, "max": 50.0}


def test_a_cell_may_be_a_threshold() -> None:
    source = Frame("B", (number_field("limit", [5.0]),))
    rules = [{"fieldName": "limit", "handlerKey": "threshold1"}]
    (found,) = applied(
        "configFromData", series("A", "a", 1.0), source, configRefId="B", mappings=rules
    ).frames
    assert found.fields[1].settings["thresholds"] == {
        "mode": "absolute",
        "steps": [{"value": 5.0, "color": "red"}],
    }


def test_without_its_query_nothing_is_configured() -> None:
    frame = series("A", "a", 1.0)
    assert applied("configFromData", frame, configRefId="B").frames == (frame,)


def test_series_are_one_wide_frame_a_table_or_a_frame_each() -> None:
    two = series("A", "a", 1.0, 2.0), series("A", "b", 3.0, 4.0)
    (wide,) = applied("prepareTimeSeries", *two).frames
    assert cells(wide) == {"Time": [1000.0, 1015.0], "a": [1.0, 2.0], "b": [3.0, 4.0]}
    (long,) = applied("prepareTimeSeries", wide, format="long").frames
    assert cells(long) == {
        "Time": [1000.0, 1000.0, 1015.0, 1015.0],
        "Value": [1.0, 3.0, 2.0, 4.0],
        "host": ["a", "b", "a", "b"],
    }
    many = applied("prepareTimeSeries", long, format="multi").frames
    assert [(f.fields[1].labels, f.fields[1].numbers.tolist()) for f in many] == [
        ({"host": "a"}, [1.0, 2.0]),
        ({"host": "b"}, [3.0, 4.0]),
    ]


def test_a_series_is_a_row_with_its_labels_and_its_latest_number() -> None:
    two = series("A", "a", 1.0, 2.0), series("B", "b", 3.0, 9.0, 4.0)
    first, second = applied("timeSeriesTable", *two, B={"stat": "max"}).frames
    assert cells(first) == {"host": ["a"], "Trend #A": [2.0]}
    assert cells(second) == {"host": ["b"], "Trend #B": [9.0]}


def test_labels_join_series_into_one_table() -> None:
    two = series("A", "a", 1.0), series("A", "b", 2.0)
    (found,) = applied("joinByLabels", *two, value="host").frames
    assert cells(found) == {"a": [1.0], "b": [2.0]}
    (error,) = applied("joinByLabels", *two, value="zone").frames
    assert list(cells(error)) == ["Error"]


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("kvp", '{job="api", zone: eu}', {"job": ["api"], "zone": ["eu"]}),
        ("json", '{"load": 3, "host": "a"}', {"load": [3.0], "host": ["a"]}),
        ("delimiter", "a, b", {"a": [1.0], "b": [1.0]}),
        ("auto", "x=1", {"x": ["1"]}),
    ],
)
def test_texts_hold_columns(kind: str, text: str, wanted: dict[str, list[object]]) -> None:
    (found,) = applied(
        "extractFields", table(text_field("raw", [text])), source="raw", format=kind, replace=True
    ).frames
    assert cells(found) == wanted


def test_a_named_group_is_a_column_beside_the_text() -> None:
    rows = table(text_field("raw", ["node-7"]))
    (found,) = applied(
        "extractFields", rows, source="raw", format="regexp", regExp=r"/node-(?<n>\d+)/"
    ).frames
    assert cells(found) == {"raw": ["node-7"], "n": ["7"]}


def test_a_time_that_is_formatted_is_text() -> None:
    (found,) = applied("formatTime", series("A", "a", 1.0), timeField="Time").frames
    assert found.fields[0].kind == "string"


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("reduce", {"reducers": ["allIsZero"]}, "'reduce': reducer 'allIsZero'"),
        ("extractFields", {"source": "x", "format": "csv"}, "'extractFields': format 'csv'"),
        ("calculateField", {"mode": "template"}, "'calculateField': mode 'template'"),
        ("joinByField", {}, "'joinByField': no field to join on"),
        (
            "convertFieldType",
            {"conversions": [{"targetField": "host", "destinationType": "boolean"}]},
            "'convertFieldType': string as boolean",
        ),
        (
            "filterByValue",
            {"filters": [{"fieldName": "load", "config": {"id": "isOdd"}}]},
            "'filterByValue': condition 'isOdd'",
        ),
        ("regression", {}, "'regression'"),
    ],
)
def test_an_option_that_is_not_read_is_named(
    name: str, options: dict[str, object], said: str
) -> None:
    assert applied(name, HOSTS, HOSTS, **options).unsupported == (said,)


def test_settings_of_a_transformation_stand_before_the_panels_defaults() -> None:
    from simulator.grafana.model import FieldConfig  # noqa: PLC0415 - this test alone
    from simulator.grafana.overrides import styled_frames  # noqa: PLC0415 - this test alone

    found = applied("configFromData", series("A", "a", 1.0), LIMITS, configRefId="B").frames
    ((_, styled),) = styled_frames(found, FieldConfig({"max": 100.0}), "stat")
    assert styled.style.limits is not None
    assert (styled.style.limits.minimum, styled.style.limits.maximum) == (0.0, 50.0)


def test_a_table_is_a_matrix_of_two_of_its_columns() -> None:
    rows = table(
        text_field("host", ["a", "b", "a"]),
        text_field("zone", ["x", "x", "y"]),
        number_field("Value", [1.0, 2.0, 3.0]),
    )
    names = {"columnField": "zone", "rowField": "host", "emptyValue": "zero"}
    (found,) = applied("groupingToMatrix", rows, **names).frames
    assert cells(found) == {"host\\zone": ["a", "b"], "x": [1.0, 2.0], "y": [3.0, 0.0]}
