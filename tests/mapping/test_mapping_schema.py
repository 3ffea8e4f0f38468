"""The schema that editors use: it takes the library's mappings, and says what each field is."""

from collections.abc import Iterator
from typing import Any, Final

import jsonschema
import pytest

from simulator.errors import MappingError
from simulator.mapping.loading import library_names, mapping_text
from simulator.mapping.model import Mapping
from simulator.reading.yaml_text import yaml_in

SCHEMA: Final[dict[str, Any]] = Mapping.model_json_schema()
VALIDATOR: Final = jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", library_names())
def test_it_takes_the_library(name: str) -> None:
    content = yaml_in(mapping_text(name), name, error=MappingError)
    assert [error.message for error in VALIDATOR.iter_errors(content)] == []


def test_it_refuses_what_is_no_field() -> None:
    content = {"version": 1, "name": "x", "metrics": {"y": {"measur": "scored"}}}
    assert [error.validator for error in VALIDATOR.iter_errors(content)] == ["additionalProperties"]


def _fields(node: object, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if node.get("type") == "object":
            for name, field in node.get("properties", {}).items():
                yield f"{path}.{name}", field
        for key, inside in node.items():
            yield from _fields(inside, f"{path}.{key}")


def test_every_field_says_what_it_is() -> None:
    fields = dict(_fields(SCHEMA, ""))
    assert len(fields) > 100
    assert [path for path, field in fields.items() if not field.get("description")] == []
