"""Transformations of random frames give what Grafana's own library (@grafana/data 13.2.2) gives.

Each line of the answers is a case: frames, transformations in order, and the frames that came out.
Left out are cases of what is known to differ: one column name twice in a group, a reducer that is
named twice, and NaN among the points of a median.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.grafana.field_names import frame_names
from simulator.grafana.frames import Field, Frame
from simulator.grafana.model import Matcher, Transformation
from simulator.grafana.transformations import transformed

ANSWERS = Path(__file__).parent / "answers" / "transformations.jsonl"
CASES = [json.loads(line) for line in ANSWERS.read_text().splitlines()]
Json = dict[str, Any]
Cell = float | str | None


def field(given: Json) -> Field:
    if given["type"] == "string":
        return Field(given["name"], "string", np.empty(0), texts=tuple(given["values"]))
    return Field(
        given["name"],
        given["type"],
        np.array([float(value) for value in given["values"]]),
        labels=given.get("labels"),
        source_name=given.get("ds", ""),
    )


def step(given: Json) -> Transformation:
    found = given.get("filter")
    only = Matcher(found["id"], found["options"]) if found else None
    return Transformation(given["id"], given["options"], filter=only)


def columns(frame: Frame, frames: tuple[Frame, ...]) -> list[tuple[str, list[Cell]]]:
    named = zip(frame.fields, frame_names(frame, frames), strict=True)
    return [(name, list(map(plain, one.cells()))) for one, name in named]


def plain(cell: object) -> Cell:
    """Grafana's null and NaN are one thing here, and so is text in a column of numbers."""
    if cell is None or cell == "NaN" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    return cell if isinstance(cell, str) else float(str(cell))


def is_same(one: Cell, other: Cell) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return one == other


def answered(wanted: Json) -> list[tuple[str, list[Cell]]]:
    found: list[tuple[str, list[Cell]]] = []
    rows = max((len(one["values"]) for one in wanted["fields"][:1]), default=0)
    for one in wanted["fields"]:
        cells = [*one["values"], *[None] * (rows - len(one["values"]))]
        if one["type"] == "string":
            found.append((one["name"], ["" if cell is None else str(cell) for cell in cells]))
        else:
            found.append((one["name"], [plain(number(cell)) for cell in cells]))
    return found


def number(cell: object) -> object:
    return None if isinstance(cell, str) and cell not in {"Infinity", "-Infinity"} else cell


def label(case: Json) -> str:
    return "+".join(one["id"] for one in case["transformations"])


@pytest.mark.parametrize("case", CASES, ids=map(label, CASES))
def test_frames_come_out_as_of_grafanas_library(case: Json) -> None:
    given = [Frame(one["refId"], tuple(map(field, one["fields"]))) for one in case["frames"]]
    found = transformed(given, list(map(step, case["transformations"])))
    assert found.unsupported == ()
    got = [columns(frame, found.frames) for frame in found.frames]
    want = [answered(one) for one in case["wanted"]]
    assert [[name for name, _ in one] for one in got] == [[name for name, _ in one] for one in want]
    for mine, theirs in zip(got, want, strict=True):
        for (name, cells), (_, others) in zip(mine, theirs, strict=True):
            assert len(cells) == len(others), name
            assert all(map(is_same, cells, others)), (name, cells, others)


def test_every_transformation_of_the_library_is_among_the_cases() -> None:
    ids = {one["id"] for case in CASES for one in case["transformations"]}
    assert ids >= {
        *("merge", "organize", "renameByRegex", "filterFieldsByName", "filterByRefId", "order"),
        *("filterByValue", "sortBy", "limit", "joinByField", "seriesToColumns", "concatenate"),
        *("groupBy", "reduce", "calculateField", "labelsToFields", "seriesToRows"),
        "convertFieldType",
    }
