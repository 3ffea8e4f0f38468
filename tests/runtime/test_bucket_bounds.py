"""Bounds of buckets in a history are those that its Prometheus keeps of live samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulator.metrics.columns import plain_bound, pointed_bound
from simulator.runtime.history.bucket_bounds import bucket_bound

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    monkeypatch.setattr("simulator.runtime.binaries.search_folders", lambda: (tmp_path,))
    return tmp_path


def place(folder: Path, name: str, version: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{name}, version {version} (branch: HEAD)'\n")
    file.chmod(0o755)


@pytest.mark.parametrize("version", ["2.42.0+ds", "2.55.1"])
def test_up_to_version_2_they_are_as_exposed(programs: Path, version: str) -> None:
    place(programs, "prometheus", version)
    assert bucket_bound() is plain_bound


@pytest.mark.parametrize("version", ["3.0.0-beta.0", "3.5.3+ds1", "10.1.0"])
def test_from_version_3_on_they_have_a_point(programs: Path, version: str) -> None:
    place(programs, "prometheus", version)
    assert bucket_bound() is pointed_bound


@pytest.mark.usefixtures("programs")
def test_where_there_is_none_it_is_the_newer_way() -> None:
    assert bucket_bound() is pointed_bound


@pytest.mark.parametrize("script", ["exit 1", "echo no version at all"])
def test_what_tells_no_version_is_taken_for_a_newer_one(programs: Path, script: str) -> None:
    (programs / "prometheus").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "prometheus").chmod(0o755)
    assert bucket_bound() is pointed_bound
