"""Files appear whole or not at all, each and all together."""

from pathlib import Path

import pytest

from simulator.errors import OutputError
from simulator.runtime.atomic_files import write_all_atomically, write_atomically


def test_text_and_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", "é\r\n")
    write_atomically(tmp_path / "b", b"\xff\r")

    assert (tmp_path / "a").read_bytes() == "é\r\n".encode()
    assert (tmp_path / "b").read_bytes() == b"\xff\r"


def test_permissions_stay_and_a_link_leads_where_it_did(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)

    write_atomically(link, "new")

    assert link.is_symlink()
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_of_several_none_changes_where_one_cannot_be_written(tmp_path: Path) -> None:
    file, lost = tmp_path / "file", tmp_path / "no-such-folder" / "file"
    file.write_text("old")

    with pytest.raises(OutputError, match="no-such-folder"):
        write_all_atomically({file: "new", lost: "new"})

    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
