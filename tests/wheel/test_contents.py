"""What a wheel and its source distribution hold."""

from __future__ import annotations

import tarfile
from email.parser import Parser
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ("compose", "dashboards", "locustfiles")


@pytest.fixture
def names(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def below(folder: str, pattern: str) -> set[str]:
    return {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("folder", SHIPPED)
def test_a_shipped_folder_is_in_it_whole(names: set[str], folder: str) -> None:
    files = below(folder, "*") - {"compose/.env"}
    assert {f"simulator/shipped/{file}" for file in files} <= names


@pytest.mark.parametrize(
    ("folder", "pattern", "least"),
    [
        ("dashboards", "*.json", 2),
        ("compose/prometheus/rules", "*.yml", 2),
        ("compose", "docker-compose.yml", 1),
        ("locustfiles", "*.py", 2),
    ],
)
def test_what_has_to_be_shipped_is_among_it(
    names: set[str], folder: str, pattern: str, least: int
) -> None:
    shipped = {f"simulator/shipped/{file}" for file in below(folder, pattern)}
    assert len(shipped & names) >= least


def test_all_of_the_package_is_in_it(names: set[str]) -> None:
    package = below("simulator", "*")
    assert any(name.endswith(".html.j2") for name in package)
    assert package <= names


def test_nothing_else_is(names: set[str]) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {
        "simulator",
        "scoring_platform_simulator",
    }


def test_a_person_s_own_passwords_stay_out_of_both(wheel: Path, names: set[str]) -> None:
    (source,) = wheel.parent.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names |= set(archive.getnames())
    assert not [name for name in names if name.endswith("/.env")]


def test_the_licence_and_the_extra_are_said(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (file,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        reported = Parser().parsestr(archive.read(file).decode())
    assert reported["License-Expression"] == "MIT"
    assert reported.get_all("License-File") == ["LICENSE"]
    assert "locust" in reported.get_all("Provides-Extra", [])
