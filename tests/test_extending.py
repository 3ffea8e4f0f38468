"""What the page on extending says is what it takes: its patches are applied to a copy and tried."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "extending.md"
SECONDS: Final = 60.0  # only a failing test waits that long
#: The most files of code that each takes.
MOST_FILES: Final = {
    "An episode kind": 3,
    "A metric": 0,
    "A panel type": 1,
    "An output": 2,
    "A check": 2,
    "A simulated quantity": 2,
}


@dataclass(frozen=True)
class Recipe:
    """A section of the page: the files that it lists, its patch, and how one sees that it works."""

    title: str
    listed: tuple[str, ...]
    patch: str
    trial: str

    @property
    def touched(self) -> tuple[str, ...]:
        return tuple(re.findall(r"^\+\+\+ b/(.+)$", self.patch, re.MULTILINE))


def recipes() -> dict[str, Recipe]:
    found = {}
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        if patches := re.findall(r"^```diff\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            listed = tuple(re.findall(r"^\d+\. `([^`]+)`", text, re.MULTILINE))
            (trial,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
            found[title] = Recipe(title, listed, "".join(patches), trial)
    return found


@pytest.fixture(params=MOST_FILES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return recipes()[request.param]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what patches change."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("simulator", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    return tmp_path


def tried(checkout: Path, trial: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", trial],
        cwd=checkout,
        env={"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def apply(checkout: Path, patch: str) -> None:
    subprocess.run(
        ["git", "apply", "--unsafe-paths", f"--directory={checkout}", "-"],
        cwd="/",
        input=patch,
        text=True,
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )


def test_every_subject_has_its_recipe() -> None:
    assert recipes().keys() == MOST_FILES.keys()


def test_the_files_listed_are_those_that_the_patch_touches(recipe: Recipe) -> None:
    assert sorted(recipe.listed) == sorted(recipe.touched)


def test_it_takes_no_more_files_of_code_than_it_may(recipe: Recipe) -> None:
    code = [file for file in recipe.touched if file.endswith(".py")]
    assert len(code) <= MOST_FILES[recipe.title]


@pytest.mark.e2e
@pytest.mark.slow
def test_it_works_with_the_patch_and_not_without(recipe: Recipe, checkout: Path) -> None:
    before = tried(checkout, recipe.trial)
    apply(checkout, recipe.patch)
    after = tried(checkout, recipe.trial)

    assert before.returncode != 0
    assert after.returncode == 0, after.stderr
