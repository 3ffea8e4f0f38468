import numpy as np

from simulator.grafana.frames import Field, Frame
from simulator.grafana.model import Matcher, Transformation
from simulator.grafana.transformations import transformed


def numbers(name: str, *values: float) -> Field:
    return Field(name, "number", np.array(values, dtype=float))


def texts(name: str, *values: str) -> Field:
    return Field(name, "string", np.empty(0), texts=values)


def time(rows: int) -> Field:
    return Field("Time", "time", np.full(rows, 1000.0))


def step(name: str, **options: object) -> Transformation:
    return Transformation(name, options)


def cells(frame: Frame) -> dict[str, list[object]]:
    return {
        field.renamed or field.name: list(
            field.texts if field.kind == "string" else field.numbers.tolist()
        )
        for field in frame.fields
    }


ERRORS = Frame("A", (time(2), texts("model", "x", "y"), numbers("Value #A", 1, 2)))
SCORES = Frame("B", (time(2), texts("model", "y", "z"), numbers("Value #B", 8, 9)))


def test_merge_joins_rows_on_the_columns_that_all_tables_have() -> None:
    (frame,) = transformed([ERRORS, SCORES], [step("merge")]).frames
    found = cells(frame)
    assert found["model"] == ["x", "y", "z"]
    np.testing.assert_array_equal(found["Value #A"], [1, 2, np.nan])
    np.testing.assert_array_equal(found["Value #B"], [np.nan, 8, 9])


def test_merge_leaves_tables_without_a_common_column() -> None:
    other = Frame("B", (texts("zone", "z"),))
    assert transformed([Frame("A", (texts("a", "1"),)), other], [step("merge")]).frames[1] is other


def test_merge_keeps_rows_that_disagree_apart() -> None:
    first = Frame("A", (texts("model", "x"), numbers("Value", 1)))
    second = Frame("B", (texts("model", "x"), numbers("Value", 2)))
    (frame,) = transformed([first, second], [step("merge")]).frames
    assert cells(frame) == {"model": ["x", "x"], "Value": [1, 2]}


def test_merge_ignores_an_empty_answer() -> None:
    frames = transformed([ERRORS, Frame("B", ())], [step("merge")]).frames
    assert [cells(frame)["model"] for frame in frames] == [["x", "y"]]


def test_organize_leaves_out_orders_and_renames() -> None:
    organize = step(
        "organize",
        excludeByName={"Time": True, "model": False},
        indexByName={"Value #A": 0, "model": 1},
        renameByName={"Value #A": "Errors"},
    )
    (frame,) = transformed([ERRORS], [organize]).frames
    assert list(cells(frame)) == ["Errors", "model"]


def test_a_renamed_column_keeps_its_old_name_beside_the_new_one() -> None:
    (frame,) = transformed([ERRORS], [step("organize", renameByName={"model": "M"})]).frames
    assert [(field.name, field.renamed) for field in frame.fields][1] == ("model", "M")


def test_sort_by_takes_its_first_entry_only() -> None:
    rows = Frame("A", (texts("a", "x", "y", "z"), numbers("v", 2, 3, 1), numbers("w", 1, 2, 3)))
    entries = [{"field": "v", "desc": True}, {"field": "w"}]
    (frame,) = transformed([rows], [step("sortBy", sort=entries)]).frames
    assert cells(frame)["a"] == ["y", "x", "z"]


def test_texts_sort_without_case_by_number_and_empty_ones_last() -> None:
    rows = Frame("A", (texts("a", "v10", "", "V9"),))
    (frame,) = transformed([rows], [step("sortBy", sort=[{"field": "a"}])]).frames
    assert cells(frame)["a"] == ["V9", "v10", ""]


def test_sorting_by_an_absent_column_changes_nothing() -> None:
    (frame,) = transformed([ERRORS], [step("sortBy", sort=[{"field": "nope"}])]).frames
    assert frame is ERRORS


def test_what_is_not_supported_is_named_and_the_rest_applied() -> None:
    found = transformed([ERRORS], [step("spatial"), step("organize", excludeByName={"Time": True})])
    assert found.unsupported == ("'spatial'",)
    assert "Time" not in cells(found.frames[0])


def test_a_transformation_of_some_frames_leaves_the_others_where_they_are() -> None:
    only_b = Transformation("limit", {"limitField": 1}, filter=Matcher("byRefId", "B"))
    found = transformed([ERRORS, SCORES], [only_b])
    assert [len(frame) for frame in found.frames] == [2, 1]
    odd = Transformation("limit", {}, filter=Matcher("byMood", "B"))
    assert transformed([ERRORS], [odd]).unsupported == ("'limit': filter 'byMood'",)


def test_a_disabled_transformation_is_skipped_in_silence() -> None:
    disabled = Transformation("spatial", {}, disabled=True)
    assert transformed([ERRORS], [disabled]).unsupported == ()
