import numpy as np
import pytest

from simulator.grafana.frames import Answer, Frame, Series, frames_from
from simulator.grafana.legends import series_name
from simulator.grafana.model import FieldConfig, Target
from simulator.grafana.overrides import styled_frames


def series(labels: dict[str, str], *values: float, start: float = 1000) -> Series:
    return Series(
        labels,
        start + 15.0 * np.arange(len(values), dtype=np.float64),
        np.array(values, dtype=np.float64),
    )


def answer(*found: Series, ref_id: str = "A", **keys: str) -> Answer:
    asked = Target(
        ref_id,
        keys.get("expr", "up > 0"),
        format=keys.get("format", "time_series"),
        legend_format=keys.get("legend", ""),
    )
    return Answer(asked, found)


def names(*answers: Answer) -> list[str]:
    frames = frames_from(answers)
    styled = styled_frames(frames, FieldConfig(), "stat")
    return [field.name for fields in styled for field in fields if field.field.kind == "number"]


def columns(frame: Frame) -> list[str]:
    return [field.name for field in frame.fields]


@pytest.mark.parametrize(
    ("legend", "labels", "name"),
    [
        ("", {"__name__": "up", "job": "x", "a": "y"}, 'up{a="y", job="x"}'),
        ("", {"job": "x"}, '{job="x"}'),
        ("", {"__name__": "up"}, "up"),
        ("", {}, "up > 0"),
        ("{{ job }}/{{nope}}", {"__name__": "up", "job": "x"}, "x/"),
        ("{{__name__}}", {"__name__": "up"}, "up"),
        ("fixed", {"job": "x"}, "fixed"),
        ("__auto", {"__name__": "up", "job": "x"}, '{__name__="up", job="x"}'),
        ("__auto", {"__name__": "up"}, "up"),
        ("__auto", {"job": "x"}, "x"),
        ("__auto", {"job": "x", "a": "y"}, '{a="y", job="x"}'),
        ("__auto", {}, "up > 0"),
    ],
)
def test_a_series_is_named_as_grafana_does(legend: str, labels: dict[str, str], name: str) -> None:
    assert names(answer(series(labels, 1), legend=legend)) == [name]


def test_auto_names_of_one_metric_keep_only_the_labels_that_differ() -> None:
    both = [series({"__name__": "up", "job": job, "zone": "z"}, 1) for job in "ab"]
    assert names(answer(*both, legend="__auto")) == ['{job="a"}', '{job="b"}']


def test_the_bare_label_is_taken_only_if_the_panel_has_one_label_name_in_all() -> None:
    first = answer(series({"job": "x"}, 1), legend="__auto")
    second = answer(series({"zone": "z"}, 1), ref_id="B", legend="__auto")
    assert names(first) == ["x"]
    assert names(first, second) == ['{job="x"}', '{zone="z"}']


def test_a_label_value_with_quotes_is_escaped_in_the_full_name() -> None:
    assert series_name({"a": 'x"y'}, "", "e") == r'{a="x\"y"}'


def test_each_series_is_a_frame_of_its_own() -> None:
    frames = frames_from([answer(series({"a": "1"}, 1, 2), series({"a": "2"}, 3))])
    assert [len(frame) for frame in frames] == [2, 1]


def test_an_empty_answer_is_a_frame_without_fields() -> None:
    for kind in ("time_series", "table", "heatmap"):
        assert [frame.fields for frame in frames_from([answer(format=kind)])] == [()]


def test_a_table_has_its_labels_in_alphabetical_order_and_gaps_are_empty() -> None:
    found = answer(series({"b": "1"}, 3), series({"b": "2", "a": "x"}, 4), format="table")
    (frame,) = frames_from([found])
    assert columns(frame) == ["Time", "b", "a", "Value"]
    assert frame.fields[2].texts == ("", "x")
    assert frame.fields[3].numbers.tolist() == [3, 4]


def test_several_tables_tell_their_values_apart_by_target() -> None:
    one = answer(series({"a": "x"}, 3), format="table")
    other = answer(series({"a": "x"}, 4), ref_id="B", format="table")
    assert [columns(frame)[-1] for frame in frames_from([one, other])] == ["Value #A", "Value #B"]


def test_an_empty_table_among_others_still_makes_them_several() -> None:
    one = answer(series({"a": "x"}, 3), format="table")
    frames = frames_from([one, answer(ref_id="B", format="table")])
    assert [columns(frame) for frame in frames] == [["Time", "a", "Value #A"], ["Time", "Value #B"]]


def test_the_name_of_the_metric_is_a_column() -> None:
    (frame,) = frames_from([answer(series({"__name__": "up"}, 1), format="table")])
    assert columns(frame) == ["Time", "__name__", "Value"]


def test_the_rows_of_a_table_are_sorted_by_time() -> None:
    late, early = series({"a": "x"}, 1, start=2000), series({"a": "y"}, 2)
    (frame,) = frames_from([answer(late, early, format="table")])
    assert frame.fields[1].texts == ("y", "x")


def test_a_table_loses_the_sign_of_minus_infinity_as_in_grafana() -> None:
    (frame,) = frames_from([answer(series({"a": "x"}, -np.inf), format="table")])
    assert frame.fields[-1].numbers.tolist() == [np.inf]


def test_tables_come_after_series() -> None:
    table = answer(series({"a": "x"}, 1), format="table")
    plain = answer(series({"a": "x"}, 1), ref_id="B")
    assert [frame.ref_id for frame in frames_from([table, plain])] == ["B", "A"]


def test_heatmap_buckets_are_sorted_and_no_longer_cumulative() -> None:
    buckets = [
        series({"le": "+Inf"}, 5, 5),
        series({"le": "10"}, 2, 2),
        series({"le": "0.5"}, 2, 1),
    ]
    (frame,) = frames_from([answer(*buckets, format="heatmap")])
    assert columns(frame) == ["Time", "0.5", "10", "+Inf"]
    assert [field.numbers.tolist() for field in frame.fields[1:]] == [[2, 1], [0, 1], [3, 3]]


def test_the_time_series_format_leaves_buckets_cumulative() -> None:
    buckets = [series({"le": "1"}, 2), series({"le": "+Inf"}, 5)]
    frames = frames_from([answer(*buckets)])
    assert [frame.fields[1].numbers.tolist() for frame in frames] == [[2], [5]]


def test_every_other_label_set_of_a_heatmap_is_a_frame() -> None:
    buckets = [series({"le": le, "m": m}, 1) for m in "xy" for le in ("1", "+Inf")]
    assert len(frames_from([answer(*buckets, format="heatmap")])) == 2
