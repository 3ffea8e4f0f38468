"""The installer against a package archive of its own: real apt and dpkg, no network, no root."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulator.errors import StackError
from simulator.runtime import binaries, debian
from tests.support.package_archive import RUNS, Archive

pytestmark = pytest.mark.skipif(
    not binaries.has_apt(), reason="apt and dpkg are Debian's; elsewhere there is no installer"
)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    archive = Archive(tmp_path)
    monkeypatch.setenv("APT_CONFIG", str(archive.config))
    return archive


def test_the_programs_are_unpacked_and_found(archive: Archive, tmp_path: Path) -> None:
    archive.publish_all()
    programs = debian.install(tmp_path / ".tools")
    assert binaries.missing(binaries.REQUIRED, folders=[programs]) == []


def test_script_packages_of_the_pages_come_along(archive: Archive, tmp_path: Path) -> None:
    archive.publish_all()
    debian.install(tmp_path / ".tools")
    tree = tmp_path / ".tools" / "debian"
    assert (tree / "usr/share/javascript/jquery.js").is_file()
    assert not (tree / "usr/sbin/adduser").exists()


def test_a_second_time_needs_no_archive(archive: Archive, tmp_path: Path) -> None:
    archive.publish_all()
    first = debian.install(tmp_path / ".tools")
    (archive.folder / "Packages").unlink()
    assert debian.install(tmp_path / ".tools") == first


def test_a_half_removed_installation_is_fetched_again(archive: Archive, tmp_path: Path) -> None:
    archive.publish_all()
    programs = debian.install(tmp_path / ".tools")
    (programs / "promtool").unlink()
    assert (debian.install(tmp_path / ".tools") / "promtool").is_file()


def test_two_at_once_both_find_the_programs(archive: Archive, tmp_path: Path) -> None:
    archive.publish_all()
    with ThreadPoolExecutor(2) as pool:
        folders = list(pool.map(debian.install, [tmp_path / ".tools"] * 2))
    assert [binaries.missing(folders=[folder]) for folder in folders] == [[], []]


def test_nothing_but_the_programs_and_the_lock_is_left(archive: Archive, tmp_path: Path) -> None:
    archive.publish_all()
    debian.install(tmp_path / ".tools")
    assert {file.name for file in (tmp_path / ".tools").iterdir()} == {"debian", "install.lock"}


def test_a_program_that_does_not_run_is_refused_with_its_words(
    archive: Archive, tmp_path: Path
) -> None:
    archive.publish_all(alertmanager="#!/bin/sh\necho libwanted.so not found >&2; exit 127\n")
    with pytest.raises(StackError, match=r"alertmanager failed .* 127: libwanted\.so not found"):
        debian.install(tmp_path / ".tools")
    assert not (tmp_path / ".tools" / "debian").exists()


def test_an_archive_without_the_packages_is_said(archive: Archive, tmp_path: Path) -> None:
    archive.publish({"usr/sbin/adduser": RUNS}, package="adduser")
    with pytest.raises(StackError, match="No packages found"):
        debian.install(tmp_path / ".tools")


def test_a_folder_that_cannot_be_made_is_named_with_another_way(
    archive: Archive, tmp_path: Path
) -> None:
    archive.publish_all()
    (tmp_path / "file").touch()
    with pytest.raises(
        StackError, match=r"cannot keep programs in .*/file/tools: .*; make it writable, or run: "
    ):
        debian.install(tmp_path / "file" / "tools")
