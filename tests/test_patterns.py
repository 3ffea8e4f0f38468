"""Patterns of JavaScript and Go mean in Python what they mean there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.grafana.value_mappings import field_pattern
from simulator.patterns import of_go, of_javascript
from simulator.promql.selectors import Matcher

BRACKETS = st.text("ab[]^-&|~\\\\:", max_size=12)


@pytest.mark.parametrize(
    ("pattern", "takes", "refuses"),
    [
        ("[[a]", ["[", "a"], ["b"]),
        ("[+--b]", ["+", ",", "-", "b"], ["."]),
        ("[a||b]", ["a", "|", "b"], ["c"]),
        ("[^[]", ["a"], ["["]),
        (r"[\\[]", ["[", "\\\\"[:1]], ["a"]),
        ("[]a]", ["a", "]"], ["b"]),
        ("(?<x>a)", ["a"], ["b"]),
        ("[[:digit:]]", ["[]", ":]"], ["1"]),  # no class in JavaScript
    ],
)
def test_a_pattern_of_javascript(pattern: str, takes: list[str], refuses: list[str]) -> None:
    found = re.compile(of_javascript(pattern))
    assert [text for text in takes if not found.fullmatch(text)] == []
    assert [text for text in refuses if found.fullmatch(text)] == []


@pytest.mark.parametrize(
    ("pattern", "takes", "refuses"),
    [
        ("[[:digit:]]+", ["12"], [":", "[]"]),
        ("[[:alpha:]_]+", ["a_B"], ["1"]),
        ("[[:nonsense:]]", [], ["1"]),
        ("5..|[4[]", ["503", "4", "["], ["2xx"]),
    ],
)
def test_a_pattern_of_promql(pattern: str, takes: list[str], refuses: list[str]) -> None:
    matcher = Matcher("status", "=~", pattern)
    assert [text for text in takes if not matcher.takes(text)] == []
    assert [text for text in refuses if matcher.takes(text)] == []


@given(text=BRACKETS)
def test_no_pattern_makes_python_warn(text: str) -> None:
    """Warnings are errors in tests; a pattern that is none is no error."""
    field_pattern(f"/{text}/")
    Matcher("a", "=~", text).takes("a")
    for pattern in (of_javascript(text), of_go(text)):
        assert isinstance(pattern, str)


@given(text=st.text("ab.*+()|^$", max_size=12))
def test_what_has_no_brackets_stays_as_it_is(text: str) -> None:
    assert of_javascript(text) == of_go(text) == text
