"""Numbers of a dashboard replaced, and not one byte more."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.errors import TuningError
from simulator.tuning.writing.dashboard_text import with_numbers
from simulator.tuning.writing.differences import unified_diff
from simulator.tuning.writing.plain_numbers import plain_number

FILE = Path("board.json")
DASHBOARDS = sorted((Path(__file__).resolve().parents[2] / "dashboards").glob("*.json"))

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
# no slash: the source map takes {"a/b": 1} and {"a": {"b": 1}} for one, and such files are refused
KEYS = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


# Any: JSON documents, of which hypothesis alone knows the shape
def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - see above
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(child, (*path, key))
    else:
        yield path, value


def put(document: Any, path: tuple[str | int, ...], value: object) -> Any:  # noqa: ANN401 - see above
    """The document with the value at the path; the path may be empty."""
    if not path:
        return value
    copied = document.copy()
    copied[path[0]] = put(document[path[0]], path[1:], value)
    return copied


@st.composite
def written(draw: st.DrawFn, document: object) -> bytes:
    """The document as different programs write it."""
    indent = draw(st.sampled_from([None, 0, 1, 2, "\t"]))
    text = json.dumps(document, indent=indent, ensure_ascii=draw(st.booleans()))
    mark, newline, end = (
        draw(st.sampled_from(one)) for one in (["", "\ufeff"], ["\n", "\r\n"], ["", "\n", " \n\n"])
    )
    return (mark + (text + end).replace("\n", newline)).encode()


@given(DOCUMENTS, NUMBERS.map(float), st.data())
def test_only_the_bytes_of_the_number_change(
    document: object, number: float, data: st.DataObject
) -> None:
    numbers = [(path, value) for path, value in leaves(document) if type(value) in {int, float}]
    assume(numbers)
    path, old = data.draw(st.sampled_from(numbers))
    before = data.draw(written(document))

    after = with_numbers(before, {path: number}, FILE)

    if float(old) == number:
        assert after == before
        return
    was, new = json.dumps(old).encode(), plain_number(number)
    places = [i for i in range(len(before)) if before.startswith(was, i)]
    assert after in [before[:i] + new.encode() + before[i + len(was) :] for i in places]
    assert json.loads(after.decode("utf-8-sig")) == put(document, path, json.loads(new))


def thresholds(content: bytes) -> dict[tuple[str | int, ...], float]:
    return {
        path: value
        for path, value in leaves(json.loads(content))
        if path[-1] == "value" and path[-3] == "steps" and value is not None
    }


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_the_projects_dashboards_change_in_their_thresholds_only(file: Path) -> None:
    before = file.read_bytes()
    today = thresholds(before)
    other = {path: 7 * value + 1 for path, value in today.items()}
    after = with_numbers(before, other, file)
    assert thresholds(after) == other
    assert with_numbers(after, today, file) == before
    lines = unified_diff(file, before, after).splitlines()[2:]
    assert sum(line.startswith("-") for line in lines) == len(today) > 0
    assert all('"value": ' in line for line in lines if line[0] in "+-")


@pytest.mark.parametrize("written", ["1e4", "10000.0", "1.0E+4"])
def test_a_number_that_has_the_value_stays_as_written(written: str) -> None:
    content = f"[{written}]".encode()
    assert with_numbers(content, {(0,): 10000.0}, FILE) == content


@pytest.mark.parametrize("key", ["~", "~1", "/", '"', "\\", "\t", "\u00e9", "\U0001f600", ""])
@pytest.mark.parametrize("is_ascii", [True, False])
def test_a_key_may_hold_what_is_escaped_elsewhere(key: str, *, is_ascii: bool) -> None:
    content = json.dumps({"\U0001f600": 1, key: [2, 3]}, ensure_ascii=is_ascii)
    after = with_numbers(content.encode(), {(key, 0): 5.0} if key != "\U0001f600" else {}, FILE)
    wanted = content if key == "\U0001f600" else content.replace("[2, 3]", "[5, 3]")
    assert after.decode() == wanted


@pytest.mark.parametrize(
    ("content", "path", "after"),
    [
        ('{"a/b": 1, "a": {"b": 2}}', ("a", "b"), '{"a/b": 1, "a": {"b": 3}}'),
        ('{"0": 1, "a": [2]}', ("a", 0), '{"0": 1, "a": [3]}'),
        ('{"a": {}, "b": [], "c": 2}', ("c",), '{"a": {}, "b": [], "c": 3}'),
        (f"[1, {'9' * 5000}]", (0,), f"[3, {'9' * 5000}]"),
        (" 1", (), " 3"),
    ],
)
def test_paths_that_look_alike_and_numbers_that_are_long_are_no_obstacle(
    content: str, path: tuple[str | int, ...], after: str
) -> None:
    assert with_numbers(content.encode(), {path: 3.0}, FILE).decode() == after


@pytest.mark.parametrize(
    ("content", "path", "message"),
    [
        ('{"a": null}', ("a",), r"board\.json: a: null is no number"),
        ('{"a": "1"}', ("a",), r'a: "1" is no number'),
        ('{"a": true}', ("a",), "a: true is no number"),
        ('{"a": NaN}', ("a",), "a: NaN is no number"),
        ('{"a": [1]}', ("a",), r"a: \[1\] is no number"),
        ('{"a": [1]}', ("a", 1), r"a\.1: is not there"),
        ('{"a": 1, "a": 2}', ("a",), "a key is there twice"),
        ('{"a": 1', ("a",), "not JSON"),
        ("", ("a",), "not JSON"),
        ("[" * 100_000, (0,), "not JSON"),
    ],
)
def test_what_is_no_number_or_not_certain_is_refused(
    content: str, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(TuningError, match=message):
        with_numbers(content.encode(), {path: 3.0}, FILE)


def test_what_is_not_utf_8_and_what_is_not_finite_is_refused() -> None:
    with pytest.raises(TuningError, match=r"board\.json: not UTF-8: byte 1"):
        with_numbers(b'"\xff"', {}, FILE)
    with pytest.raises(TuningError, match=r"board\.json: 0: nan is not a finite number"):
        with_numbers(b"[1]", {(0,): float("nan")}, FILE)


def test_lines_that_repeat_are_not_shown_as_changed() -> None:
    panel = {"steps": [{"color": "orange", "value": 1}, {"color": "red", "value": 2}]}
    before = json.dumps([panel] * 100, indent=2).encode()
    after = with_numbers(before, dict.fromkeys(thresholds(before), 9.0), FILE)
    lines = unified_diff(FILE, before, after).splitlines()[2:]
    assert sum(line.startswith("-") for line in lines) == 200
