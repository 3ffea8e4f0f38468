"""Files that are right but for one place: read all the same, or refused, whatever stands there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.grafana.dashboard_files import read_dashboard
from simulator.observation.episodes import episodes_in
from simulator.quoting import MOST_QUOTED
from simulator.scenario.loading import load_scenario
from simulator.tuning.truth.incident_files import wanted_alarms_in
from tests.support.alert_files import read_rules
from tests.support.default_names import SIGNALS
from tests.support.scenario_texts import FULL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RULES = """\
groups:
  - name: g
    rules:
      - {alert: A, expr: sum(rate(x[5m])) > 0.5, for: 5m, labels: {severity: warning}}
"""
ALARM = {"signal": "drift", "severity": "red", "until": "2026-10-03T10:00:00Z"}
SPAN = {"start": "2026-10-03T08:10:00Z", "end": "2026-10-03T09:00:00Z"}
EPISODE = {"name": "x", "kind": "errors", **SPAN, "alarms": [ALARM]}
TABLE = "start,end,signal,severity\n2026-10-03T08:10:00Z,2026-10-03T09:00:00Z,lag,red\n"
STEPS = {"mode": "absolute", "steps": [{"color": "green", "value": None}]}
PANEL = {"type": "stat", "targets": [{"expr": "up"}], "options": {"reduceOptions": {}}}
BOARD = {"title": "t", "panels": [{**PANEL, "fieldConfig": {"defaults": {"thresholds": STEPS}}}]}

READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "scenario.yaml": (FULL, lambda file: load_scenario(str(file))),
    "rules.yml": (RULES, lambda file: read_rules([file], SIGNALS)),
    "truth.json": (json.dumps({"episodes": [EPISODE]}), episodes_in),
    "incidents.csv": (TABLE, wanted_alarms_in),
    "dashboard.json": (json.dumps(BOARD), read_dashboard),
}
SPOILT = [
    *("!!timestamp x", "!!int ''", "!!bool x", "!!binary x", "!!set {a}", "!!python/name:os ''"),
    *(
        "&a ",
        "*a",
        "<<: ",
        "- ",
        "? ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "'",
        '"',
        "|",
        "#",
        ",",
        "\n",
        "\t",
    ),
    *("\0", "\x85", "\u2028", "\ufeff", "\x1b[31m", "\\ud800", "é", "---\n", "%YAML 9.9\n"),
    *("9" * 5000, "0x" + "f" * 500, "1e9999", ".inf", ".nan", "NaN", "-Infinity", "null", "true"),
    *("1:1:1", "2026-13-01", "0001-01-01T00:00:00+23:59", "now-9999999w", "x" * 5000, "[" * 2000),
]


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0.0, 1.0), length=st.integers(0, 20), spoilt=st.sampled_from(SPOILT))
def test_it_is_read_or_refused_with_its_name_in_short_lines(
    tmp_path: Path, name: str, place: float, length: int, spoilt: str
) -> None:
    text, read = READERS[name]
    at = round(place * len(text))
    file = tmp_path / name
    file.write_bytes((text[:at] + spoilt + text[at + length :]).encode())

    try:
        read(file)
    except SimulatorError as error:
        for line in str(error).splitlines():
            assert line.startswith(str(file))
            assert len(line) < len(str(file)) + 3 * MOST_QUOTED
            assert line.isprintable()
