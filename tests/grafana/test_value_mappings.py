import math

import pytest

from simulator.grafana.value_mappings import Mapped, mapped


def mapping(kind: str, **options: object) -> list[object]:
    return [{"type": kind, "options": {**options, "result": {"text": "hit"}}}]


@pytest.mark.parametrize(
    ("key", "value"), [("1", 1.0), ("0.5", 0.5), ("1e+21", 1e21), ("x", "x"), ("NaN", math.nan)]
)
def test_a_value_mapping_is_looked_up_by_its_javascript_text(key: str, value: float | str) -> None:
    assert mapped([{"type": "value", "options": {key: {"text": "hit"}}}], value) == Mapped(
        "hit", None
    )


@pytest.mark.parametrize(
    ("value", "is_hit"), [(9.99, False), (10.0, True), (12.0, True), (12.01, False), ("11", True)]
)
def test_a_range_includes_both_ends(value: float | str, *, is_hit: bool) -> None:
    assert (mapped(mapping("range", **{"from": 10, "to": 12}), value) is not None) == is_hit


@pytest.mark.parametrize(
    ("value", "is_hit"), [(-1e9, True), (5.0, True), (5.1, False), (math.nan, False), ("", False)]
)
def test_a_range_without_an_end_is_open(value: float | str, *, is_hit: bool) -> None:
    assert (mapped(mapping("range", **{"from": None, "to": 5}), value) is not None) == is_hit


@pytest.mark.parametrize(
    ("match", "hits"),
    [
        ("null", [None]),
        ("nan", [math.nan]),
        ("null+nan", [None, math.nan]),
        ("true", ["true"]),
        ("false", ["false"]),
        ("empty", [""]),
        ("other", []),
    ],
)
def test_special_mappings(match: str, hits: list[object]) -> None:
    values = [None, math.nan, "true", "false", "", 1.0]
    found = [value for value in values if mapped(mapping("special", match=match), value)]
    assert [repr(value) for value in found] == [repr(value) for value in hits]


def test_a_regex_mapping_replaces_in_texts_only() -> None:
    rules = [{"type": "regex", "options": {"pattern": "/v(\\d)/", "result": {"text": "V$1"}}}]
    assert mapped(rules, "v2 old") == Mapped("V2 old", None)
    assert mapped(rules, 2.0) is None


def test_the_first_mapping_that_matches_wins() -> None:
    rules = [
        {"type": "value", "options": {"1": {"color": "blue"}}},
        *mapping("range", **{"from": 0, "to": 5}),
    ]
    assert mapped(rules, 1.0) == Mapped(None, "blue")
    assert mapped(rules, 2.0) == Mapped("hit", None)


@pytest.mark.parametrize("rule", [7, {}, {"type": "value"}, {"type": "regex", "options": {}}])
def test_a_mapping_of_another_shape_matches_nothing(rule: object) -> None:
    assert mapped([rule], "x") is None
