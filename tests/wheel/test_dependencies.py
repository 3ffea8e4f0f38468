"""Every distribution that the package imports is declared, and locust only where it is needed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.support.checkout import CHECKOUT

PACKAGE = CHECKOUT / "simulator"
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", one)[0].lower().replace("_", "-") for one in requirements}


MAIN = declared(PROJECT["dependencies"])
LOAD = declared(PROJECT["optional-dependencies"]["locust"])
BROUGHT = {"httptools", "pydantic-core"}  # by uvicorn[standard], and by pydantic


def imported(*, in_load: bool) -> set[str]:
    """Distributions that modules in `simulator/load`, or all others, import."""
    brings = packages_distributions()
    found: set[str] = set()
    for file in PACKAGE.rglob("*.py"):
        if file.is_relative_to(PACKAGE / "load") is not in_load:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            else:
                continue
            found |= {module.partition(".")[0] for module in modules}
    third = found - set(sys.stdlib_module_names) - {"simulator"}
    return {name.lower().replace("_", "-") for module in third for name in brings[module]}


def test_what_the_package_imports_is_declared() -> None:
    assert imported(in_load=False) <= MAIN | BROUGHT


def test_what_is_declared_is_imported() -> None:
    # zoneinfo's, where the system has no time zones; and files that are served
    unseen = {"tzdata", "fastapi-offline"}
    assert MAIN - imported(in_load=False) - imported(in_load=True) <= unseen


def test_what_the_load_imports_is_declared_with_its_extra() -> None:
    assert imported(in_load=True) <= MAIN | LOAD


def test_what_the_extra_declares_is_imported() -> None:
    assert imported(in_load=True) >= LOAD
