"""Options in the documentation, and examples of locustfiles that do not import Locust."""

from __future__ import annotations

import doctest
import json
import re

import pytest

from simulator.load import (
    bands,
    base_url,
    form_fields,
    kinds,
    platform_state,
    summary,
    waiting,
    weights,
)
from simulator.load.applications import Applications
from simulator.load.platform_calls import calls_of
from simulator.mapping.loading import load_mapping, parse_mapping
from simulator.scenario.baseline import Platform
from tests.support.checkout import CHECKOUT

EXEMPLARY = (bands, base_url, form_fields, kinds, platform_state, summary, waiting, weights)


@pytest.mark.parametrize("module", EXEMPLARY)
def test_examples_say_what_is_so(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]  # they are modules
    assert (failed, tried > 0) == (0, True)


def documented_mappings() -> list[str]:
    """The mappings in the documentation, whole."""
    text = (CHECKOUT / "docs" / "locust.md").read_text(encoding="utf-8")
    found = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    return [one if "version:" in one else f"version: 1\nname: x\n{one}" for one in found]


def test_mappings_in_the_documentation_can_be_used() -> None:
    kinds_only, foreign, mixed = (parse_mapping(text, "docs") for text in documented_mappings())

    assert list(kinds_only.load.kinds) == ["nightly"]
    assert mixed.load.mix == load_mapping("mlops-scoring").load.mix
    known = calls_of(foreign.api, Platform())
    assert list(known.by_task) == ["score", "batch", "decision"]
    assert [e for e, why in known.missing.items() if why == "no route"] == [
        "explanation",
        "review",
        "erasure",
        "models",
    ]


def test_what_a_user_sends_is_as_the_documentation_shows_it() -> None:
    api = parse_mapping(documented_mappings()[1], "docs").api
    call = calls_of(api, Platform()).by_task["score"]
    sent = call.sent(Applications(3, "worker 0").one(call.application, "web")).body or ""
    text = (CHECKOUT / "docs" / "locust.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r'^    (\{"currency".*\})$', text, flags=re.MULTILINE)

    assert _outline(json.loads(sent)) == _outline(json.loads(shown))
    assert re.sub(r'"[^"]*"|[0-9.]+', "", sent) == re.sub(r'"[^"]*"|[0-9.]+', "", shown), "in order"


def _outline(body: object) -> object:
    """Names and types."""
    if isinstance(body, dict):
        return {name: _outline(inside) for name, inside in body.items()}
    return type(body)


def test_the_documentation_has_each_option_with_its_variable() -> None:
    declared = re.findall(
        r'"(--[a-z-]+)",.*?env_var="(\w+)"',
        (CHECKOUT / "simulator" / "load" / "options.py").read_text(),
        flags=re.DOTALL,
    )
    documented = re.findall(
        r"^\| `(--[a-z-]+)[^`]*` \| `(\w+)` \|",
        (CHECKOUT / "docs" / "locust.md").read_text(),
        flags=re.MULTILINE,
    )
    assert sorted(declared) == sorted(documented)
    assert len(declared) > 5
