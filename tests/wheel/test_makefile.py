"""CI, hooks and the page for contributors call targets that the Makefile has."""

from __future__ import annotations

import re
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from tests.support.checkout import CHECKOUT

TARGETS = set(re.findall(r"^([a-z0-9-]+):.*##", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
WORKFLOW: dict[Any, Any] = yaml.safe_load((CHECKOUT / ".github/workflows/ci.yml").read_text())
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def called(text: str) -> set[str]:
    return set(re.findall(r"\bmake ([a-z0-9-]+)", text))


@pytest.mark.parametrize(
    "file", [".ci/run", ".github/workflows/ci.yml", ".pre-commit-config.yaml", "CONTRIBUTING.md"]
)
def test_only_targets_of_the_makefile_are_called(file: str) -> None:
    found = called((CHECKOUT / file).read_text())
    assert found
    assert found <= TARGETS


def test_help_lists_every_target_that_is_described() -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert {line.split()[1] for line in shown.splitlines()} == TARGETS


def test_hooks_run_whatever_a_change_touches() -> None:
    hooks = yaml.safe_load((CHECKOUT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert hooks
    assert all(hook["always_run"] and not hook["pass_filenames"] for hook in hooks)


def test_ci_runs_all_tests_and_nothing_but_targets() -> None:
    commands = [step["run"] for step in STEPS if "run" in step]
    assert all(command.startswith("make ") for command in commands)
    assert called("\n".join(commands)) == {"check", "test", "test-slow"}


def test_ci_may_read_and_no_more() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in WORKFLOW["jobs"].values())


def test_actions_are_pinned_by_version() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used)


def test_ci_tests_each_python_that_the_package_names() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    named = re.findall(r":: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    assert WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"] == named
    assert project["requires-python"] == f">={named[0]}"


def test_nothing_names_a_registry() -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", "compose/Dockerfile"):
        assert not re.search(r"index-url|find-links|pypi", (CHECKOUT / name).read_text()), name
