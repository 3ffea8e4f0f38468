"""Prometheus's alert rules: what they compare, with what, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulator.mapping.signals import Signals, signal_of
from simulator.rules.model import Alert, Place
from simulator.rules.reading import read_rule_files
from simulator.tuning.monitors.comparisons import comparison

__all__ = ["AlertRule", "read_rules"]

_LEVELS: Final = {"warning": "orange", "critical": "red"}


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert whose expression ends in a comparison with a number.

    `query` is what is compared, `hold` the rule's `for` in seconds, `level` "orange" for a warning
    and "red" for a critical one. `signal` is the rule's label, or what its query reads; `panel` its
    annotation, a link with `viewPanel=ID`. Rules are equal where what is written is.
    """

    name: str
    query: str
    is_lower_worse: bool
    is_inclusive: bool
    threshold: float
    hold: float
    level: str
    signal: str = field(compare=False)
    panel: str
    place: Place

    @property
    def is_as_coloured(self) -> bool:
        """Whether it compares as Grafana colours: with `>=` or `<`."""
        return self.is_inclusive != self.is_lower_worse


def read_rules(files: Sequence[Path], signals: Signals) -> tuple[AlertRule, ...]:
    """The alerts of rule files that compare with a number and are warnings or critical.

    Others have no single threshold to tune and are left out, such as `up == 0` and `a and b > 1`.

    Raises:
        RuleError: a file cannot be read or is no rule file, or a time in it is none.
    """
    alerts = (alert for group in read_rule_files(files) for alert in group.alerts)
    found = (_rule(one, signals) for one in alerts if isinstance(one, Alert))
    return tuple(rule for rule in found if rule is not None)


def _rule(alert: Alert, signals: Signals) -> AlertRule | None:
    level = _LEVELS.get(alert.labels.get("severity", ""))
    found = comparison(alert.expr)
    if level is None or found is None:
        return None
    return AlertRule(
        name=alert.name,
        query=found.query,
        is_lower_worse="<" in found.sign,
        is_inclusive="=" in found.sign,
        threshold=float(found.number),
        hold=alert.hold,
        level=level,
        signal=alert.labels.get("signal", "") or signal_of(found.query, signals) or alert.name,
        panel=alert.annotations.get("panel", ""),
        place=alert.place,
    )
