"""Options of query variables: what a regex keeps, and their order."""

import pytest

from simulator.errors import DashboardError
from simulator.grafana.variable_options import variable_options


@pytest.mark.parametrize(
    ("regex", "kept"),
    [
        ("", ("api-1", "api-2", "DB", "api-1")),
        ("/api-(.*)/", ("1", "2", "1")),
        ("/api/", ("api-1", "api-2", "api-1")),
        ("api-1", ("api-1", "api-1")),  # without slashes for the whole text
        ("api", ()),
        ("/db/i", ("DB",)),
        ("/(?<text>[a-z]+)-(?<value>.)/", ("1", "2", "1")),
        ("/([a-z0-9])/g", ("a", "p", "i", "1", "a", "p", "i", "2", "a", "p", "i", "1")),
    ],
)
def test_what_a_regex_keeps(regex: str, kept: tuple[str, ...]) -> None:
    found = variable_options(["api-1", "api-2", "DB", "api-1"], regex, 0)
    assert found == tuple(dict.fromkeys(kept))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (0, "b10 B2 a1 a"),
        (1, "B2 a a1 b10"),
        (2, "b10 a1 a B2"),
        (3, "a a1 B2 b10"),
        (4, "b10 B2 a1 a"),
        (5, "a a1 b10 B2"),
        (6, "B2 b10 a1 a"),
        (7, "a a1 B2 b10"),
        (8, "b10 B2 a1 a"),
        (99, "b10 B2 a1 a"),
    ],
)
def test_orders(sort: int, order: str) -> None:
    assert " ".join(variable_options(["b10", "B2", "a1", "a"], "", sort)) == order


@pytest.mark.parametrize("regex", ["/(/", "/open", "/a/x"])
def test_a_bad_regex_is_refused_in_words(regex: str) -> None:
    with pytest.raises(DashboardError, match="regular expression"):
        variable_options(["a"], regex, 0)
