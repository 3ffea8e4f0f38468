"""On which lines values of files are written."""

import json
from collections.abc import Iterator

import yaml
from hypothesis import given
from hypothesis import strategies as st

from simulator.reading.lines import json_line, yaml_line

NAMES = st.text("abc", min_size=1, max_size=3)
TREES = st.recursive(
    st.just("x"),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def leaves(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if not isinstance(tree, dict | list):
        yield path
        return
    for key, below in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from leaves(below, (*path, key))


@given(TREES)
def test_each_value_is_on_the_line_where_it_stands(tree: object) -> None:
    for text, line_of in (
        (json.dumps(tree, indent=1), json_line),
        (yaml.safe_dump(tree, default_flow_style=False, sort_keys=False), yaml_line),
    ):
        lines = [
            n for n, line in enumerate(text.splitlines(), 1) if line.rstrip(",\"' ")[-1:] == "x"
        ]
        assert [line_of(text, path) for path in leaves(tree)] == lines


def test_what_is_no_json_or_yaml_is_on_its_first_line() -> None:
    assert json_line("{", ("a", 1)) == 1
    assert yaml_line("a: [", ("a",)) == 1
    assert yaml_line("a: 1", ("a",), document=3) == 1
