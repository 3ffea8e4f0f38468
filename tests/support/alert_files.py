"""The alerts of rule files, as the command reads them."""

from collections.abc import Sequence
from pathlib import Path

from simulator.mapping.signals import Signals
from simulator.rules.reading import read_rule_files
from simulator.tuning.monitors.alert_rules import AlertRule, alert_rules


def read_rules(files: Sequence[Path], signals: Signals) -> tuple[AlertRule, ...]:
    return alert_rules(read_rule_files(files), signals)
