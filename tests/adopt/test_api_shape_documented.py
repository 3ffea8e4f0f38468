"""The page on an API that is not ours shows what is really proposed of its document."""

from __future__ import annotations

import re
from typing import Final

from simulator.adopt.from_openapi import mapping_from_openapi
from simulator.adopt.from_requests import UnknownRequests, mapping_from_requests
from tests.support.checkout import CHECKOUT

PAGE: Final = (CHECKOUT / "docs/api-shape.md").read_text(encoding="utf-8")
DOCUMENT, PROPOSED = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_the_proposal_as_it_is() -> None:
    assert mapping_from_openapi(DOCUMENT, "bank.yaml") == PROPOSED


def test_the_page_shows_the_stubs_as_they_are() -> None:
    body = {"pret": {"dureeMois": "number", "montant": "number"}}
    seen = [
        {"method": "POST", "path": "/credits/simulation", "body": body, "requests": 1},
        {"method": "GET", "path": "/clients/{id}/contrats", "query": ["page"], "requests": 1},
    ]
    added = mapping_from_requests(
        UnknownRequests.model_validate({"shapes": seen}), PROPOSED, "theirs.yaml"
    )
    new = [line for line in added.text.splitlines() if line not in PROPOSED.splitlines()]
    shown = [
        line.strip().removeprefix("+") for line in PAGE.splitlines() if line.startswith("    +")
    ]
    assert sorted(new) == sorted(line.rstrip() for line in shown)
