"""The fields of a platform as the page about them lists them: where, the default, what it is."""

import json
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulator.scenario.fields import Names, Record, is_duration
from simulator.scenario.platform.compliance import Violation
from simulator.scenario.platform.kafka import ConsumerGroup, FurtherTopic
from simulator.scenario.platform.policy import RiskLevel
from simulator.scenario.platform_part import PlatformPart
from simulator.timeline.durations import format_duration

#: Entries of lists, which are described once, with what a field is a list of.
ENTRIES: dict[str, type[Record]] = {
    "kafka.consumer_groups[]": ConsumerGroup,
    "kafka.further_topics[]": FurtherTopic,
    "policy.risk_levels[]": RiskLevel,
    "compliance.violations.TYPE": Violation,
}


def lines() -> list[str]:
    """A line of a table for each field."""
    rows = list(_rows("", PlatformPart))
    for place, record in ENTRIES.items():
        rows.extend(_rows(f"{place}.", record))
    return [f"| `{path}` | {default} | {said} |" for path, default, said in rows]


def _rows(prefix: str, record: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    for name, field in record.model_fields.items():
        default = None if field.is_required() else field.get_default()
        if isinstance(default, Names):
            words = ", ".join(default.in_order())
            yield f"{prefix}{name}.*", f"`{words}`", _about(field)
        elif isinstance(default, Record):
            yield from _rows(f"{prefix}{name}.", type(default))
        else:
            yield f"{prefix}{name}", _shown(field, default), _about(field)


def _about(field: FieldInfo) -> str:
    return " ".join((field.description or "").split())


def _shown(field: FieldInfo, value: object) -> str:
    if field.is_required():
        return "needed"
    if not value:
        return "" if value is None or isinstance(value, tuple | dict) else f"`{value}`"
    if is_duration(field):
        return f"`{format_duration(float(str(value)))}`"
    if isinstance(value, tuple) and all(isinstance(one, Record) for one in value):
        return "`" + ", ".join(str(getattr(one, "name", "")) for one in value) + "`"
    if isinstance(value, float):
        return f"`{value:g}`"
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"
