"""Texts of alerts that show a label which the alert does not have: they stay empty there."""

from collections.abc import Iterator
from typing import Final

from simulator.checking.alarms import Alarm
from simulator.checking.label_templates import shown_labels
from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem, Weight
from simulator.promql.kept_labels import kept_labels
from simulator.promql.parsing import parsed
from simulator.quoting import shortened

__all__ = ["TEMPLATE_LABEL"]


def _look(material: Material) -> Iterator[Problem]:
    for alarm in material.alarms:
        tree = parsed(alarm.queries[0]) if alarm.queries and not alarm.is_grafana else None
        kept = None if tree is None else kept_labels(tree)
        if kept is not None:
            yield from _of(alarm, kept)


def _of(alarm: Alarm, kept: frozenset[str]) -> Iterator[Problem]:
    has = shortened(", ".join(sorted(kept))) or "none"
    own = alarm.labels.keys() | {"alertname"}
    for name, text in (*alarm.annotations.items(), *alarm.labels.items()):
        gone = [label for label in shown_labels(text) if label not in kept]
        missing = [label for label in gone if label not in own]
        late = [label for label in gone if label in own]
        if missing:
            said = f"its {name} shows the label {', '.join(missing)}, and its query keeps {has}"
            yield Problem(alarm.subject, said, alarm.place)
        if late:
            said = (
                f"its {name} shows the label {', '.join(late)}, which the rule puts on: Prometheus "
                f"fills texts with labels of the query alone, which keeps {has}"
            )
            yield Problem(alarm.subject, said, alarm.place, Weight.NOTE)


TEMPLATE_LABEL: Final = Check(
    "template-label", "texts of alerts with labels that the query does not keep", _look
)
