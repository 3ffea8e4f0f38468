"""What is proposed of APIs that are not ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simulator.adopt.from_openapi import mapping_from_openapi
from simulator.mapping.loading import parse_mapping

if TYPE_CHECKING:
    from simulator.mapping.model import Mapping


def proposed(document: dict[str, Any]) -> tuple[Mapping, str]:
    """The mapping, and its text."""
    text = mapping_from_openapi(json.dumps(document), "theirs.json")
    return parse_mapping(text, "proposed"), text
