"""Texts of alerts that show a label which the alert does not have: they stay empty there."""

import re
from collections.abc import Iterator
from typing import Final

from simulator.checking.alarms import Alarm
from simulator.checking.material import Material
from simulator.checking.problems import Check, Problem
from simulator.promql.kept_labels import kept_labels
from simulator.promql.parsing import parsed
from simulator.quoting import shortened

__all__ = ["TEMPLATE_LABEL"]

_LABEL: Final = re.compile(r"(?:\$labels|\.Labels)\.(\w+)|index \$labels \"(\w+)\"")


def _look(material: Material) -> Iterator[Problem]:
    for alarm in material.alarms:
        tree = parsed(alarm.queries[0]) if alarm.queries and not alarm.is_grafana else None
        kept = None if tree is None else kept_labels(tree)
        if kept is not None:
            yield from _of(alarm, kept)


def _of(alarm: Alarm, kept: frozenset[str]) -> Iterator[Problem]:
    known = kept | alarm.labels.keys() | {"alertname"}
    for name, text in (*alarm.annotations.items(), *alarm.labels.items()):
        used = dict.fromkeys(match[1] or match[2] for match in _LABEL.finditer(text))
        missing = [label for label in used if label not in known]
        if missing:
            has = shortened(", ".join(sorted(kept))) or "none"
            said = f"its {name} shows the label {', '.join(missing)}, and its query keeps {has}"
            yield Problem(alarm.subject, said, alarm.place)


TEMPLATE_LABEL: Final = Check(
    "template-label", "texts of alerts with labels that the query does not keep", _look
)
