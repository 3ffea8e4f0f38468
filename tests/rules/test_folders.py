"""Rule files in folders, among what else is there."""

from pathlib import Path

import pytest

from simulator.errors import RuleError
from simulator.rules.folders import read_rules_in

RULES = "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]"


def test_rule_files_are_taken_and_others_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(RULES)
    (tmp_path / "board.json").write_text('{"panels": [{"alert": {}}], "title": "T"}')
    (tmp_path / "values.yaml").write_text("replicas: 3")
    found = read_rules_in([tmp_path])
    assert [one.name for one in found.groups] == ["g"]
    assert [file.name for file, _ in found.skipped] == ["board.json", "values.yaml"]


def test_one_that_is_half_written_is_refused_and_so_is_a_folder_without_any(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rule file in this folder"):
        read_rules_in([tmp_path])
    (tmp_path / "a.yml").write_text(RULES)
    (tmp_path / "b.yml").write_text("groups:\n- rules:\n  - alert: A\n   expr: up")
    with pytest.raises(RuleError, match=r"b\.yml"):
        read_rules_in([tmp_path])
