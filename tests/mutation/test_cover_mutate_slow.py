"""What is changed in the project's own dashboards and rules is noticed, nine times in ten."""

import json
from pathlib import Path

import pytest

from tests.support.checkout import CHECKOUT
from tests.support.simulator_process import simulator_process

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]

RULES = CHECKOUT / "compose" / "prometheus" / "rules"
KINDS = {"sign", "threshold", "label", "metric", "aggregation", "for", "unit"}


def test_nine_in_ten_mistakes_of_each_kind_are_noticed(tmp_path: Path) -> None:
    report = tmp_path / "mutants.json"
    told = ("--rules", str(RULES), "--mutate", "--mutants", "500", "--json", str(report))
    ended = simulator_process("cover", "tour", *told, seconds=800.0)
    found = json.loads(report.read_text())
    assert ended.code == 0, ended.stdout
    assert {one["kind"] for one in found["kinds"]} == KINDS
    for one in found["kinds"]:
        assert one["kind"] == "unit" or one["share"] >= 0.9, one
        assert one["kind"] == "unit" or one["noticed"] + one["survived"] >= 10, one
    told_of_all = ("file", "subject", "changed", "why")
    assert all(one[word] for one in found["tried"] for word in told_of_all)
