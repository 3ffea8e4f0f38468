"""Requests that were not known become stubs in a mapping, which is otherwise left as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from simulator.adopt.adding import with_routes
from simulator.adopt.from_requests import (
    UnknownRequests,
    mapping_from_requests,
    unknown_requests_in,
)
from simulator.errors import MappingError
from simulator.mapping.loading import parse_mapping

SEEN: list[dict[str, Any]] = [
    {"method": "GET", "path": "/limits/{id}/of/{id}", "query": ["at"], "requests": 9},
    {
        "method": "POST",
        "path": "/score",
        "body": {"age": "number", "income": "number"},
        "requests": 2,
    },
    {"method": "POST", "path": "/score", "body": {"age": "string"}, "requests": 1},
    {"method": "other", "path": "/x", "requests": 1},
    {"method": "GET", "path": "/.well-known/x", "requests": 1},
]
HEAD = "version: 1\nname: ours\n"
STUB = {"route": "GET /b", "stub": {"body": {}}}


def unknown(seen: list[dict[str, Any]] = SEEN) -> UnknownRequests:
    return UnknownRequests.model_validate({"shapes": seen})


def test_each_path_and_method_is_one_stub_with_its_shape_as_a_comment() -> None:
    added = mapping_from_requests(unknown(), None, "new.yaml")
    routes = parse_mapping(added.text, "new.yaml").api.routes
    assert [route.route for route in routes] == ["GET /limits/{id}/of/{id_2}", "POST /score"]
    assert "# seen 9 times; query: at" in added.text
    assert "seen 3 times; body: age number, income number; it may be one that scores" in added.text


def test_what_a_mapping_cannot_say_is_named() -> None:
    left_out = mapping_from_requests(unknown(), None, "new.yaml").left_out
    assert left_out == [
        "other /x: a mapping has no routes of that method",
        "GET /.well-known/x: a mapping has no routes of that form",
    ]


def test_a_second_time_nothing_is_added() -> None:
    once = mapping_from_requests(unknown(), None, "new.yaml").text
    again = mapping_from_requests(unknown(), once, "new.yaml")
    assert (again.text, again.routes) == (once, [])


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "api:\n",
        "api: {}\n",
        "api: {routes: []}\n",
        "api:\n  routes: []\nallow_series: 9\n",
        "api:\n  routes:\nallow_series: 9\n",
        "api:\n  routes:   # ours\n    - route: GET /a # one\n      "
        "stub:\n        body: null\n\n# end\n",
        "api:\n    routes:\n    - {route: GET /a, stub: {}}\n    # last\n\nallow_series: 9\n",
        "api:\n  words: {decision: {accepted: A}}\n  # that is all\nallow_series: 9\n",
        "api:\n  routes:\n  - route: GET /a\n    stub:\n      body: >\n "
        "       folded\n        text\nallow_series: 9",
    ],
)
def test_a_files_own_lines_stay_as_they_are(rest: str) -> None:
    before = f"# ours\n{HEAD}{rest}"
    after = with_routes(before, [STUB], ["seen once"], "ours.yaml")
    own = [line for line in before.splitlines() if "{}" not in line and "[]" not in line]
    assert [line for line in after.splitlines() if line in own] == own
    routes = yaml.safe_load(after)["api"]["routes"]
    assert routes[-1] == STUB
    assert len(routes) == 1 + before.count("GET /a")


@pytest.mark.parametrize(
    "content",
    [
        {"version": 1, "name": "ours"},
        {"version": 1, "name": "ours", "api": {}},
        {"version": 1, "name": "ours", "api": {"routes": [{"route": "GET /a", "stub": {}}]}},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_stays_json(content: dict[str, Any], indent: int | None) -> None:
    after = with_routes(json.dumps(content, indent=indent), [STUB], ["seen once"], "ours.json")
    assert json.loads(after)["api"]["routes"][-1] == STUB


def test_an_answer_that_lists_no_requests_is_refused_in_a_line() -> None:
    with pytest.raises(MappingError, match="shapes: Field required: these are no unknown requests"):
        unknown_requests_in(b"{}", "http://127.0.0.1:8000")
