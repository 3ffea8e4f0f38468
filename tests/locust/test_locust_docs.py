"""Examples in the docstrings of those locustfiles that do not import Locust, which patches."""

from __future__ import annotations

import doctest

import base_url
import form_fields
import mix
import platform_state
import pytest


@pytest.mark.parametrize("module", [base_url, form_fields, mix, platform_state])
def test_examples_say_what_is_so(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]  # they are modules
    assert (failed, tried > 0) == (0, True)
