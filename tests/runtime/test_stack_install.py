"""`simulator stack --install-only` in a checkout of its own, against an archive of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.runtime import binaries
from tests.support.checkout import CHECKOUT
from tests.support.package_archive import RUNS, Archive

SYSTEM = ("/usr/bin", "/bin")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(not binaries.has_apt(), reason="apt and dpkg are Debian's"),
    pytest.mark.skipif(
        binaries.locate("alertmanager", folders=map(Path, (*SYSTEM, "/usr/sbin"))) is not None,
        reason="Alertmanager is installed on this machine",
    ),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the command needs of the checkout; programs are fetched into it."""
    folder = tmp_path / "project"
    for part in ("simulator", "compose"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(CHECKOUT / part, folder / part, ignore=ignored)
    return folder


@pytest.fixture
def required(tmp_path: Path) -> Path:
    """A folder with the programs without which there is no stack."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in binaries.REQUIRED:
        (folder / name).write_text(RUNS)
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def install(project: Path, archive: Archive, *folders: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.pathsep.join(folders), "APT_CONFIG": str(archive.config)}
    return subprocess.run(
        [sys.executable, "-m", "simulator", "stack", "--install-only"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_alertmanager_alone_is_fetched(project: Path, required: Path, archive: Archive) -> None:
    archive.publish_all()
    done = install(project, archive, str(required), *SYSTEM)
    assert done.returncode == 0, done.stderr
    assert f"fetching alertmanager into {project}/.tools ..." in done.stderr
    assert (project / ".tools/debian/usr/bin/prometheus-alertmanager").is_file()


def test_when_nothing_is_missing_nothing_is_fetched(
    project: Path, required: Path, archive: Archive
) -> None:
    (required / "alertmanager").write_text(RUNS)
    (required / "alertmanager").chmod(0o755)
    done = install(project, archive, str(required), *SYSTEM)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (project / ".tools").exists()


def test_without_an_alertmanager_to_fetch_the_rest_will_do(
    project: Path, required: Path, archive: Archive
) -> None:
    archive.publish({"usr/sbin/adduser": RUNS}, package="adduser")
    done = install(project, archive, str(required), *SYSTEM)
    assert done.returncode == 0, done.stderr
    assert "going on without alertmanager: " in done.stderr


def test_where_there_is_no_apt_alertmanager_is_not_required(
    project: Path, required: Path, archive: Archive
) -> None:
    done = install(project, archive, str(required))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_required_program_that_cannot_be_fetched_is_an_error(
    project: Path, required: Path, archive: Archive
) -> None:
    archive.publish({"usr/sbin/adduser": RUNS}, package="adduser")
    (required / "pushgateway").unlink()
    if binaries.locate("pushgateway", folders=map(Path, SYSTEM)):
        pytest.skip("the Pushgateway is installed on this machine")
    done = install(project, archive, str(required), *SYSTEM)
    assert done.returncode == 2
    assert "No packages found" in done.stderr
