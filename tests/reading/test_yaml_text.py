"""YAML of others: read as it is, or refused in one line with its source and place."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.reading.yaml_text import yaml_in

TEXT = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def refusal(text: str, *, has_aliases: bool = True) -> str:
    with pytest.raises(SimulatorError) as refused:
        yaml_in(text, "a.yaml", error=SimulatorError, has_aliases=has_aliases)
    return str(refused.value)


@given(VALUES)
def test_yaml_is_read_back(value: object) -> None:
    text = yaml.safe_dump(value)

    assert yaml_in(text, "a.yaml", error=SimulatorError, has_aliases=True) == value


def test_a_lone_equals_sign_is_text() -> None:
    assert yaml_in("matcher: =", "a.yaml", error=SimulatorError) == {"matcher": "="}


@given(st.text(st.sampled_from("{}[]:-?&*!|>'\"%@`#, \n\tab1.e0xn\0\ud800~<=/")))
def test_any_text_is_read_or_refused_in_a_line(text: str) -> None:
    try:
        yaml_in(text, "a.yaml", error=SimulatorError, has_aliases=True)
    except SimulatorError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: !!timestamp abc", "'abc' is no 'timestamp', line 1 column 4"),
        ("a:\n  b: 2026-13-45", "'2026-13-45' is no 'timestamp', line 2 column 6"),
        ("a: !!int ''", "'' is no 'int', line 1 column 4"),
        ("a: !!bool maybe", "'maybe' is no 'bool', line 1 column 4"),
        ("a: !!float x", "'x' is no 'float', line 1 column 4"),
        (f"a: {'9' * 5000}", "a number of 5,000 characters, such as nothing has, line 1 column 4"),
        (f"a: 0x{'f' * 5000}", "a number of 5,002 characters"),
        (f"a: {':'.join('1' * 5000)}", "a number of 9,999 characters"),
        ("a: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("a: 1\nb: 2\na: 3", "the key 'a' is given twice, line 3 column 1"),
        ("? [a]\n: 1", "a key is wanted, found a list, line 1 column 3"),
        ("a: \0", r"the character '\x00' is not allowed, line 1"),
        ("a: 1\n\nb: \x1b", r"the character '\x1b' is not allowed, line 3"),
        (r'a: "\ud800"', r"'\ud800' has half of a character, line 1 column 4"),
        ("a: [1", "expected ',' or ']', but got '<stream end>', line 1 column 6"),
        ("a: *b", "found undefined alias 'b', line 1 column 4"),
        ("a: &a [*a]", "more than 1,000,000 values, with what aliases stand for"),
        ("a: &a {b: {<<: *a}}", "more than 1,000,000 values"),
        (LAUGHS, "more than 1,000,000 values"),
        ("[" * 50_000, "nested too deeply to be read"),
        (f"a: *{'b' * 5000}", "bbb..."),
        ("a: 1\n---\nb: 2", "but found another document"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_line_with_its_place(text: str, said: str) -> None:
    begin = time.perf_counter()
    message = refusal(text)

    assert message.startswith("a.yaml: not YAML: ")
    assert said in message
    assert len(message.splitlines()) == 1
    assert len(message) < 300
    assert time.perf_counter() - begin < 10.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a 1\nb: *a", "aliases are not supported, line 2 column 4"),
        ("a:\n  <<: {b: 1}", "merging with << is not supported, line 2 column 3"),
    ],
)
def test_where_they_are_not_wanted_aliases_and_merges_are_refused(text: str, said: str) -> None:
    assert said in refusal(text, has_aliases=False)


def test_where_they_are_wanted_aliases_and_merges_are_read() -> None:
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: *a"

    assert yaml_in(text, "a.yaml", error=SimulatorError, has_aliases=True) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 2},
    }
