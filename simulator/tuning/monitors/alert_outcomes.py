"""What became of every alert: tuned, judged as it is, or why it cannot be judged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from simulator.tuning.monitors.alert_rules import AlertRule
from simulator.tuning.monitors.monitor import Monitor, Skipped

__all__ = ["AlertOutcome", "Became", "alert_outcomes", "counted"]

Became: TypeAlias = Literal["tuned", "judged as it is", "cannot be judged"]

_NO_NUMBER: Final = "no single number of it can move"
_SAME_ALERT: Final = "its group has a limit, or its labels show its value"
_BY_GRAFANA: Final = "Grafana evaluates it"
_REFUSED: Final = "it is refused"
_ASSUMED: Final = "the range of its metric is assumed"
_NO_DATA: Final = "its metric is in neither the history nor a recording rule"
_CANNOT: Final[Became] = "cannot be judged"


@dataclass(frozen=True, slots=True)
class AlertOutcome:
    """An alert by name and place, what became of it, and why; `detail` is about this one."""

    rule: AlertRule
    became: Became
    reason: str = ""
    detail: str = ""


def alert_outcomes(
    rules: Sequence[AlertRule], monitors: Iterable[Monitor], found: Iterable[Monitor | Skipped]
) -> tuple[AlertOutcome, ...]:
    """That of every alert, in order."""
    by_place: dict[object, AlertOutcome] = {}
    for one in monitors:
        for rule in one.rules.values():
            became: Became = "judged as it is" if one.is_as_it_is else "tuned"
            reason = _why_as_it_is(rule) if one.is_as_it_is else ""
            by_place.setdefault(rule.place, AlertOutcome(rule, became, reason))
    for left in found:
        if isinstance(left, Skipped):
            reason = _REFUSED if left.is_refused else _ASSUMED if left.is_assumed else _NO_DATA
            for rule in left.rules:
                by_place[rule.place] = AlertOutcome(rule, _CANNOT, reason, left.reason)
    return tuple(by_place[rule.place] for rule in rules if rule.place in by_place)


def counted(alerts: Iterable[AlertOutcome]) -> Mapping[tuple[Became, str], int]:
    """How many became what, for which reason; the most frequent first."""
    return dict(Counter((one.became, one.reason) for one in alerts).most_common())


def _why_as_it_is(rule: AlertRule) -> str:
    if rule.limit is not None:
        return _SAME_ALERT
    return _NO_NUMBER if hasattr(rule.alert, "expr") else _BY_GRAFANA
