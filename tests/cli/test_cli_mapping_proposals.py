"""`simulator mapping from-openapi`: what it writes is taken by `mapping check` as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner

from simulator.cli.mapping import mapping
from tests.support.foreign_apis import BANQUE

if TYPE_CHECKING:
    from pathlib import Path


def test_a_written_proposal_is_checked_without_a_change(tmp_path: Path) -> None:
    document, written = tmp_path / "theirs.json", tmp_path / "theirs.yaml"
    document.write_text(json.dumps(BANQUE), encoding="utf-8")
    proposed = CliRunner().invoke(mapping, ["from-openapi", str(document), "-o", str(written)])
    assert (proposed.exit_code, proposed.output) == (0, "")
    checked = CliRunner().invoke(mapping, ["check", str(written)])
    assert (checked.exit_code, "fine" in checked.output) == (0, True)


def test_without_a_file_it_is_printed(tmp_path: Path) -> None:
    document = tmp_path / "theirs.json"
    document.write_text(json.dumps(BANQUE), encoding="utf-8")
    printed = CliRunner().invoke(mapping, ["from-openapi", str(document)])
    assert printed.output.startswith("# Proposed from theirs.json: ")
