"""The action for GitHub: its form, and that every command line in it is one of the program's."""

import os
import re
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.support.checkout import CHECKOUT

ACTION: Final[dict[str, Any]] = yaml.safe_load((CHECKOUT / "action.yml").read_text())
STEPS: Final[list[dict[str, Any]]] = ACTION["runs"]["steps"]
SCRIPTS: Final = [one for one in STEPS if "run" in one]
WITH_ENV: Final = [one for one in SCRIPTS if "env" in one]
DEFAULTS: Final = {name: one["default"] for name, one in ACTION["inputs"].items()}
_INPUT: Final = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


def test_it_has_the_form_of_a_composite_action() -> None:
    assert set(ACTION) <= {"name", "description", "author", "inputs", "outputs", "runs", "branding"}
    assert ACTION["runs"]["using"] == "composite"
    for one in ACTION["inputs"].values():
        assert set(one) == {"description", "default"}
        assert isinstance(one["default"], str)
    for one in STEPS:
        assert ("uses" in one) != ("run" in one)
        assert set(one) <= {"name", "id", "if", "uses", "with", "run", "shell", "env"}
    assert all(one["shell"] == "bash" for one in SCRIPTS)


def test_every_input_is_used_and_there_are_no_others() -> None:
    text = (CHECKOUT / "action.yml").read_text().partition("\noutputs:")[2]
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(DEFAULTS)


def test_no_input_is_pasted_into_a_script() -> None:
    assert not [one for one in SCRIPTS if "${{" in one["run"]]


def asked(step: dict[str, Any], given: dict[str, str], folder: Path) -> list[list[str]]:
    """What a step calls programs with: they are stood in for by one that writes it down."""
    log = folder / "asked"
    for name in ("simulator", "python"):
        stub = folder / name
        stub.write_text(
            f"#!/usr/bin/env bash\nprintf '%s\\0' {name} \"$@\" >>{log}\nprintf '\\n' >>{log}\n"
        )
        stub.chmod(0o755)
    inputs = {**DEFAULTS, **given}
    values = {
        key: _INPUT.sub(lambda found: inputs[found[1]], text) for key, text in step["env"].items()
    }
    subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", **values},
        cwd=folder,
        check=True,
    )
    return [line.rstrip("\0").split("\0") for line in log.read_text().splitlines()]


@pytest.mark.parametrize(
    "step", [one for one in SCRIPTS if "env" in one], ids=lambda one: one["name"]
)
@pytest.mark.parametrize("is_given", [False, True], ids=["by default", "with all inputs"])
def test_each_command_line_is_one_that_the_program_takes(
    step: dict[str, Any], tmp_path: Path, *, is_given: bool
) -> None:
    (tmp_path / "my boards").mkdir()
    (tmp_path / "rules.yml").touch()
    own = {
        "dashboards": f"{tmp_path}/my boards\n{tmp_path}/rules.yml\n",
        "rules": f"{tmp_path}/rules.yml",
        "mapping": "default",
        "baseline": "known.json",
        "allow": "Drift:red\nPushgatewayDown:*\n",
    }
    given = {"require": "min-recall=0.9", **(own if is_given else {})}
    for program, *arguments in asked(step, given, tmp_path):
        if program == "python":
            assert arguments[:3] == ["-m", "pip", "install"]
            continue
        name, *options = arguments
        command = getattr(import_module(f"simulator.cli.{name}"), name)
        context = command.make_context(name, options)
        if is_given:
            if name in {"check", "cover", "tune"}:
                assert [str(one) for one in context.params["rules"]] == [own["rules"]]
            if name == "cover":
                assert len(context.params["allowances"]) == 2
            assert [str(one) for one in context.params["dashboards"]] == own["dashboards"].split(
                "\n"
            )[:2]


def test_the_readme_shows_inputs_that_there_are() -> None:
    readme = (CHECKOUT / "README.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    (shown,) = [one for one in blocks if "uses: your-organisation" in one]
    (step,) = [one for one in yaml.safe_load(shown) if "simulator" in one.get("uses", "")]
    assert set(step["with"]) <= set(DEFAULTS)
