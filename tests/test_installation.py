"""What the package ships and where it fetches programs to, in a checkout and installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator import installation
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package's folder, with its copy of what is shipped."""
    monkeypatch.setattr(installation, "_PACKAGE", tmp_path / "simulator")
    monkeypatch.setattr(installation, "_COPY", tmp_path / "simulator" / "shipped")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "simulator" / "shipped").mkdir(parents=True)
    return tmp_path / "simulator"


def test_in_a_checkout_the_top_level_folders_are_the_only_source() -> None:
    assert installation.shipped("dashboards") == CHECKOUT / "dashboards"
    assert not (CHECKOUT / "simulator" / "shipped").exists()


def test_an_installation_has_its_own_copy(package: Path) -> None:
    assert installation.shipped("compose") == package / "shipped" / "compose"


def test_in_a_checkout_fetched_programs_are_in_it() -> None:
    assert installation.tools_folder() == CHECKOUT / ".tools"


def test_an_installation_fetches_programs_outside_itself(package: Path) -> None:
    assert package not in installation.tools_folder().parents
