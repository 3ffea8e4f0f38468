"""Our alarms are on at the moments at which Prometheus's own rules fire on the same data."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from simulator.seeding import generator
from simulator.timeline.durations import format_duration
from simulator.tuning.judging.holds import held
from simulator.tuning.judging.judgements import Setting, hold_steps
from simulator.tuning.judging.ranking import Ranking, Recording
from tests.support.tuning_values import STEP, recording

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

MOMENTS, N_DAYS = 400, 4
BY_RUN_LENGTH: Final = (3, 15, 70)
"""In the mean, of each series: it comes and goes, or is as it is for half an hour."""

SETTINGS: Final = [
    (">=", Setting(0.5, 0.0)),
    (">=", Setting(0.3, 30.0)),
    (">=", Setting(0.5, 45.0)),
    (">=", Setting(0.8, 120.0)),
    (">=", Setting(0.6, 300.0)),
    (">=", Setting(0.4, 900.0)),
    (">=", Setting(0.3, 1800.0)),
    ("<", Setting(0.5, 0.0)),
    ("<", Setting(0.7, 29.0)),
    ("<", Setting(0.4, 45.0)),
    ("<", Setting(0.6, 250.0)),
    ("<", Setting(0.5, 600.0)),
    ("<", Setting(0.7, 1800.0)),
]
of_each_setting = pytest.mark.parametrize(
    ("sign", "setting"),
    SETTINGS,
    ids=[f"{sign}{one.threshold:g}-for-{one.hold:g}s" for sign, one in SETTINGS],
)


def day(number: int) -> Recording:
    """Series that stay at a level, or away, for a while, with short dents; often at a threshold."""
    rng = generator(number, "days for Prometheus")
    rows = []
    for length in BY_RUN_LENGTH:
        starts = np.flatnonzero(rng.random(MOMENTS) < 1.0 / length)
        levels = rng.integers(0, 11, MOMENTS).astype(np.float64)
        levels[rng.random(MOMENTS) < 0.15] = np.nan
        row = levels[np.searchsorted(starts, np.arange(MOMENTS), side="right")]
        dents = rng.random(MOMENTS) < 0.01
        row[dents] = rng.choice([0.0, 10.0, np.nan], dents.sum())
        rows.append((row / 10.0).tolist())
    return recording(*rows[number % 2 :], start=number * 1e5)


DAYS: Final = [day(number) for number in range(N_DAYS)]


def our_alarms(sign: str, setting: Setting, *, more_steps: int = 0) -> list[list[bool]]:
    """When the alarm is on, of each day; its hold may be made wrong by some steps."""
    lower = sign == "<"
    steps = hold_steps(setting.hold, STEP) + more_steps
    alone = held(Ranking.at(DAYS, setting.threshold, is_lower_worse=lower), steps) >= 1
    whole = Ranking.of(DAYS, is_lower_worse=lower)
    assert np.array_equal(alone, held(whole, steps) >= whole.candidate(setting.threshold))
    parts = np.split(alone, np.cumsum([len(one.times) + 1 for one in DAYS])[:-1])
    return [part[:-1].tolist() for part in parts]


def refused(
    promtool: str, folder: Path, sign: str, setting: Setting, expected: list[list[bool]]
) -> list[str]:
    """The moments at which Prometheus says that the alarm is not as expected."""
    rule = {
        "alert": "A",
        "expr": f"signal {sign} {setting.threshold}",
        "for": format_duration(setting.hold),
    }
    group = {"name": "g", "interval": format_duration(STEP), "rules": [rule]}
    tests = [
        {
            "interval": format_duration(STEP),
            "input_series": [
                {"series": f'signal{{number="{number}"}}', "values": " ".join(map(sample, row))}
                for number, row in enumerate(one.values.tolist())
            ],
            "promql_expr_test": [
                {
                    "expr": 'group(ALERTS{alertstate="firing"})',
                    "eval_time": f"{round(index * STEP)}s",
                    "exp_samples": [{"labels": "{}", "value": 1}] if is_on else [],
                }
                for index, is_on in enumerate(alarms)
            ],
        }
        for one, alarms in zip(DAYS, expected, strict=True)
    ]
    document = {
        "rule_files": ["rules.json"],
        "evaluation_interval": format_duration(STEP),
        "tests": tests,
    }
    (folder / "rules.json").write_text(json.dumps({"groups": [group]}))
    (folder / "test.json").write_text(json.dumps(document))
    done = subprocess.run(
        [promtool, "test", "rules", folder / "test.json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
    found = [line for line in lines if line.startswith('expr: "group(ALERTS')]
    assert bool(found) == (done.returncode != 0), done.stderr
    return found


def sample(value: float) -> str:
    """As promtool writes it; what is absent is so at once, not after five minutes."""
    return "stale" if np.isnan(value) else repr(value)


@of_each_setting
def test_an_alarm_is_on_when_the_rule_fires(
    sign: str, setting: Setting, promtool: str, tmp_path: Path
) -> None:
    ours = our_alarms(sign, setting)
    changes = sum(int(np.count_nonzero(np.diff(alarms))) for alarms in ours)
    assert changes >= 6  # otherwise it would say little that they agree
    assert refused(promtool, tmp_path, sign, setting, ours) == []


@pytest.mark.parametrize("more_steps", [-1, 1])
@pytest.mark.parametrize(
    ("sign", "setting"),
    [(">=", Setting(0.5, 45.0)), ("<", Setting(0.6, 250.0)), (">=", Setting(0.3, 1800.0))],
)
def test_a_hold_wrong_by_a_step_is_seen_at_each_moment_that_it_changes(
    sign: str, setting: Setting, more_steps: int, promtool: str, tmp_path: Path
) -> None:
    ours, wrong = (our_alarms(sign, setting, more_steps=more) for more in (0, more_steps))
    different = np.count_nonzero(np.array(ours) != np.array(wrong))
    assert different > 0
    assert len(refused(promtool, tmp_path, sign, setting, wrong)) == different
