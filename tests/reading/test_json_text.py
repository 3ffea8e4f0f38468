"""JSON of others: read as it is, or refused in one line with its source."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.reading.json_text import json_in

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)  # fmt: skip


def refusal(text: str, **options: Any) -> str:  # noqa: ANN401 - those of json_in
    with pytest.raises(SimulatorError) as refused:
        json_in(text, "a.json", error=SimulatorError, **options)
    return str(refused.value)


@given(VALUES, st.booleans())
def test_json_is_read_back(value: object, is_ascii: bool) -> None:  # noqa: FBT001 - hypothesis passes by position
    text = json.dumps(value, ensure_ascii=is_ascii)

    assert json_in(text, "a.json", error=SimulatorError) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expecting value, line 1 column 1"),
        ('{"a": 1,\n "b" 2}', "Expecting ':' delimiter, line 2 column 6"),
        ('{"a": NaN}', "NaN is no JSON value"),
        ("[-Infinity]", "-Infinity is no JSON value"),
        (f"[{'9' * 5000}]", "99999999999999999999... is an integer of 5,000 digits"),
        ("[" * 100_000, "nested too deeply to be read"),
        (r'{"title": "\ud800"}', r"'\ud800' is half of a character"),
        (r'{"\udfff": 1}', r"'\udfff' is half of a character"),
        ('{"start": 1, "end": 2, "start": 3}', "the key 'start' is given twice"),
        (f'{{"{"k" * 9999}": 1, "{"k" * 9999}": 2}}', "kkk... is given twice"),
    ],
    ids=[
        *("empty", "comma", "nan", "infinity", "integer", "deep"),
        *("half", "half-key", "twice", "long-key"),
    ],
)
def test_what_nobody_can_use_is_refused_in_a_line(text: str, said: str) -> None:
    message = refusal(text)

    assert message.startswith("a.json: not JSON: ")
    assert said in message
    assert len(message.splitlines()) == 1
    assert len(message) < 300


def test_where_a_browser_reads_the_file_the_last_of_two_keys_counts() -> None:
    read = json_in('{"a": 1, "a": 2}', "a.json", error=SimulatorError, has_unique_keys=False)

    assert read == {"a": 2}


def test_characters_beyond_sixteen_bits_are_read_from_their_halves() -> None:
    assert json_in(r'"\ud83d\ude00"', "a.json", error=SimulatorError) == "😀"
