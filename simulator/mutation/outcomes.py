"""What may change where something is noticed: verdicts, findings, and what alerts do."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from simulator.checking.check import found_in
from simulator.checking.material import Material
from simulator.checking.problems import Weight
from simulator.coverage.verdicts import AlertCoverage, FieldCoverage, PanelCoverage

__all__ = ["Outcome", "alert_outcome", "check_outcome", "panel_outcome", "told_apart"]

Outcome: TypeAlias = Counter[tuple[str, ...]]
"""Facts, each as often as it is so: what it is about, and what is so."""


def check_outcome(material: Material) -> Outcome:
    """The findings of a check, by check and subject; notes are none."""
    return Counter(
        (one.check.id, one.problem.subject)
        for one in found_in(material)
        if one.problem.weight is Weight.FINDING
    )


def panel_outcome(panels: Sequence[PanelCoverage]) -> Outcome:
    """The verdicts on a panel, its fields and its steps, and the findings that fail."""
    found: Outcome = Counter()
    for drawn, panel in enumerate(panels):
        found[str(drawn), "panel", panel.verdict.value] += 1
        for finding in panel.findings:
            if finding.is_failure:
                found[str(drawn), finding.code.value, finding.source] += 1
        for field in panel.fields:
            found.update((str(drawn), *one) for one in _of_field(field))
    return found


def _of_field(field: FieldCoverage) -> list[tuple[str, ...]]:
    steps = [("step", field.name, str(one.index), one.verdict.value) for one in field.steps]
    return [("field", field.name, field.verdict.value), *steps]


def alert_outcome(alert: AlertCoverage) -> Outcome:
    """The verdict on an alert, whether it is pending, fires, resolves and is silent on a calm day.

    It has how often the alert fires and during which incidents, and not at which moment.
    """
    is_silent = alert.seconds_on_calm is None or alert.seconds_on_calm == 0.0
    facts = [
        ("alert", alert.verdict.value),
        ("fires", str(alert.fires), str(alert.firings)),
        ("pending", str(alert.is_pending)),
        ("resolves", str(alert.resolves)),
        ("silent on a calm day", str(is_silent)),
    ]
    return Counter([*facts, *(("during", one) for one in sorted(alert.episodes))])


def told_apart(before: Outcome, after: Outcome) -> str:
    """The first fact that is not so any more, or newly so; "" where all are the same.

    >>> told_apart(Counter([("alert", "EXERCISED")]), Counter([("alert", "NO_DATA")]))
    'alert NO_DATA'
    """
    new, gone = after - before, before - after
    if new:
        return " ".join(min(new)).strip()
    return f"no more: {' '.join(min(gone)).strip()}" if gone else ""
