"""Options in the documentation, and examples of locustfiles that do not import Locust."""

from __future__ import annotations

import doctest
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
from tests.support.checkout import CHECKOUT

EXEMPLARY = (bands, base_url, form_fields, kinds, platform_state, summary, waiting, weights)


@pytest.mark.parametrize("module", EXEMPLARY)
def test_examples_say_what_is_so(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]  # they are modules
    assert (failed, tried > 0) == (0, True)


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
