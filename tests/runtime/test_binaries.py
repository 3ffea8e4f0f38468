from pathlib import Path

import pytest

from simulator.errors import StackError
from simulator.runtime import binaries


def program(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def test_a_program_is_found_under_debians_name(tmp_path: Path) -> None:
    file = program(tmp_path, "prometheus-pushgateway")
    assert binaries.find("pushgateway", folders=[tmp_path]) == file


def test_a_program_is_found_under_upstreams_name(tmp_path: Path) -> None:
    file = program(tmp_path, "alertmanager")
    assert binaries.find("alertmanager", folders=[tmp_path]) == file


def test_the_first_folder_wins(tmp_path: Path) -> None:
    first = program(tmp_path / "first", "prometheus")
    program(tmp_path / "second", "prometheus")
    assert binaries.locate("prometheus", folders=[first.parent, tmp_path / "second"]) == first


def test_a_file_that_cannot_be_executed_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "prometheus").write_text("a configuration of that name")
    assert binaries.locate("prometheus", folders=[tmp_path]) is None


def test_no_folders_are_no_search_of_the_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert binaries.missing(folders=[]) == ["prometheus", "pushgateway"]


def test_path_comes_before_the_fetched_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = program(tmp_path, "promtool")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert binaries.find("promtool") == file


def test_only_what_is_absent_is_missing(tmp_path: Path) -> None:
    program(tmp_path, "prometheus")
    assert binaries.missing(folders=[tmp_path]) == ["pushgateway"]


def test_a_missing_program_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"^promtool is neither on PATH nor in .*\.tools; "):
        binaries.find("promtool", folders=[tmp_path])


@pytest.mark.parametrize(
    ("platform", "has_apt", "advice"),
    [
        ("linux", True, "simulator stack --install-only"),
        ("darwin", False, "brew install prometheus"),
        ("linux", False, "https://prometheus.io/download/"),
    ],
)
def test_every_platform_has_its_advice(platform: str, *, has_apt: bool, advice: str) -> None:
    assert advice in binaries.how_to_install(platform=platform, has_apt=has_apt)
