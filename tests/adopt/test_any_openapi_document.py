"""Whatever a document says, what is proposed of it is a mapping."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings

from simulator.adopt.from_openapi import mapping_from_openapi
from simulator.mapping.chosen import chosen_plan
from simulator.mapping.loading import parse_mapping
from tests.support.openapi_documents import DOCUMENTS


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DOCUMENTS)
def test_a_proposal_of_any_document_is_a_mapping_as_it_is(document: dict[str, Any]) -> None:
    proposed = mapping_from_openapi(json.dumps(document), "drawn")
    mapping = parse_mapping(proposed, "proposed")
    chosen_plan("calm", mapping)
