"""Of valid rules of every form over the platform's own metrics nineteen in twenty are judged."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from simulator.mapping.loading import default_mapping
from tests.support.dense_day import DENSE_DAY_FILE
from tests.support.simulator_process import simulator_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

COUNTERS = [
    *("scoring_requests_total", "scoring_errors_total", "scoring_decisions_total"),
    *("minio_s3_requests_total", "compliance_violations_total", "minio_s3_traffic_sent_bytes"),
]
BUCKETS = ["http_request_duration_seconds", "ml_prediction_duration", "scoring_credit_score"]
GAUGES = sorted(default_mapping().metrics.keys() - {*COUNTERS, *BUCKETS})

FORMS = [
    "{g} > 5",
    "5 < {g}",
    "({g}) <= (3)",
    "{g} >= 3 * 60",
    "{g} == 0",
    "{g} != 1",
    "{g} > bool 1 == 1",
    "-{g} < -5",
    "{g} * 100 > 80 # per cent",
    "sum({g}) > 5",
    "sum by (instance) ({g}) > 5",
    "max without (instance) ({g}) / 2 >= 1.5",
    "avg({g}) by (job) < 0.1",
    "count({g} > 0) < 2",
    "count by (instance) ({g}) == 0",
    "quantile(0.9, {g}) > 7",
    "topk(3, {g}) > 2",
    "bottomk(1, {g}) < 1",
    "stddev({g}) > 1e3",
    "count_values('v', {g}) > 3",
    "group({g}) == 1",
    "absent({g})",
    "absent({g}{{instance='nobody'}})",
    "absent_over_time({g}[10m]) == 1",
    "present_over_time({g}[5m]) < 1",
    "changes({g}[15m]) > 2",
    "resets({c}[1h]) > 0",
    "delta({g}[10m]) < -5",
    "deriv({g}[10m]) > 0.5",
    "predict_linear({g}[30m], 4 * 3600) < 0",
    "rate({c}[5m]) > 3",
    "sum(rate({c}[5m])) == 0",
    "irate({c}[2m]) * 60 > 10",
    "increase({c}[1h]) < 1",
    "sum(rate({c}[5m])) / sum(rate({c}[1h])) > 2",
    "1 - sum(rate({c}[5m])) / (sum(rate({c}[5m])) > 0) > 0.05",
    "(sum(rate({c}[5m])) or vector(0)) > 0.5",
    "histogram_quantile(0.95, sum by (le) (rate({b}_bucket[5m]))) > 0.3",
    "histogram_quantile(0.99, rate({b}_bucket[5m])) > 0.3 and rate({b}_count[5m]) > 1",
    "sum(rate({b}_sum[5m])) / sum(rate({b}_count[5m])) > 0.2",
    "sum(rate({b}_bucket{{le='+Inf'}}[5m])) - sum(rate({b}_count[5m])) > 0",
    "{g} > 5 and {g} < 50",
    "{g} > 5 or {g} < 1",
    "{g} > 5 unless on () vector(0)",
    "{g} > on (instance) group_left () max by (instance) ({g})",
    "{g} - {g} offset 10m > 5",
    "abs({g} - avg_over_time({g}[1h])) > 3 * stddev_over_time({g}[1h])",
    "({g} - avg_over_time({g}[1h])) / stddev_over_time({g}[1h]) > 3",
    "avg_over_time({g}[15m]) > 2",
    "max_over_time(sum({g})[30m:1m]) > 4",
    "quantile_over_time(0.5, {g}[10m]) < 1",
    "min_over_time({g}[5m]) == 0",
    "last_over_time({g}[5m]) > 3",
    "count_over_time({g}[10m]) < 5",
    "time() - timestamp({g}) > 60",
    "clamp_min({g}, 0) > 10",
    "round({g} * 10) / 10 != 1",
    "label_replace({g}, 'new', '$1', 'instance', '(.*)') > 5",
    "scalar(sum({g})) > bool 5 == 1",
    "vector(1) and on () sum({g}) > 5",
    "sum(rate({c}[5m])) < 1 and on () hour() > 30",
    "day_of_week() == 0 and on () sum({g}) > 0",
    "{{__name__=~'{g}'}} > 5",
    "{g}{{instance!='x', job=~'.+'}} > 1e-3",
    "holt_winters({g}[30m], 0.5, 0.5) > 3",
    "{g} % 7 == 3",
    "{g} ^ 2 > 25",
    "sgn({g}) == 1",
    "max({g}) > min({g}) * 1.5",
    "recorded:errors > 0.1",
]
EACH = 4


def corpus() -> Iterator[dict[str, Any]]:
    gauges, counters, buckets = cycle(GAUGES), cycle(COUNTERS), cycle(BUCKETS)
    holds = cycle([{}, {"for": "2m"}, {"for": "0"}, {"for": "1m", "keep_firing_for": "5m"}])
    levels = cycle([{"severity": "critical"}, {"severity": "warning"}, {}, {"severity": "info"}])
    for number in range(EACH * len(FORMS)):
        form = FORMS[number % len(FORMS)]
        names = {"g": next(gauges), "c": next(counters), "b": next(buckets)}
        name, expr = f"R{number}", form.format(**names)
        yield {"alert": name, "expr": expr, "labels": next(levels), **next(holds)}


def valid(rules: list[dict[str, Any]], promtool: str, folder: Path) -> list[dict[str, Any]]:
    """Those that promtool takes, each by itself."""

    def is_taken(rule: dict[str, Any]) -> bool:
        file = folder / "one.yml"
        file.write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": [rule]}]}))
        ended = subprocess.run(
            [promtool, "check", "rules", str(file)], check=False, capture_output=True
        )
        return ended.returncode == 0

    taken = {form: is_taken(rule) for form, rule in zip(FORMS, rules, strict=False)}
    return [one for form, one in zip(cycle(FORMS), rules, strict=False) if taken[form]]


def test_nineteen_in_twenty_valid_rules_are_judged(
    tmp_path: Path, find_program: Callable[[str], str]
) -> None:
    find_program("prometheus")
    rules = valid(list(corpus()), find_program("promtool"), tmp_path)
    assert len(rules) >= 250
    recorded = {"record": "recorded:errors", "expr": "sum(rate(scoring_errors_total[5m]))"}
    groups = [{"name": "recorded", "rules": [recorded]}, {"name": "alerts", "rules": rules}]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": groups}))
    report = tmp_path / "told.json"
    ended = simulator_process(
        *("tune", DENSE_DAY_FILE, "--rules", str(tmp_path / "rules.yml"), "--seeds", "1"),
        *("--duration", "2h", "--step", "1m", "--json", str(report)),
        seconds=500,
    )
    assert ended.code == 0, ended.stdout + ended.stderr
    told = json.loads(report.read_text())["alerts"]
    assert [one["name"] for one in told] == [one["alert"] for one in rules]
    exprs = {one["alert"]: one["expr"] for one in rules}
    not_judged = {
        exprs[one["name"]]: one["detail"] for one in told if one["became"] == "cannot be judged"
    }
    counts = Counter(one["became"] for one in told)
    assert counts["tuned"] + counts["judged as it is"] >= 0.95 * len(rules), not_judged
