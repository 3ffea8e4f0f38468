"""The groups that a Pushgateway has, as its list of them says."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from simulator.http.failures import Answer
from simulator.metrics.self_monitoring import JOB, JOB_INFO, PUSH_INTERVAL, RUN_START
from simulator.scenario.vocabulary import JOBS

__all__ = ["Group", "groups_in", "groups_of"]

_OWN_JOBS: Final = frozenset({*JOBS, JOB})
_PUSHED: Final = "push_time_seconds"


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its grouping labels, when it was pushed and by whom, and what it holds.

    `pushed` is unix seconds by the gateway's clock, and `age_seconds` the time since, by the same
    clock; None where the gateway does not say. `run_start` and `interval_seconds` are what a
    simulator says of itself in its group of job `simulator`, and `jobs` the names of those that it
    has besides the usual ones. `types` is each metric's type.
    """

    labels: Mapping[str, str]
    pushed: float | None = None
    age_seconds: float | None = None
    run_start: float | None = None
    interval_seconds: float | None = None
    jobs: frozenset[str] = frozenset()
    types: Mapping[str, str] = field(default_factory=dict)


def groups_of(groups: Sequence[Group], instance: str) -> list[Group]:
    """Those that a simulator pushes as this instance: of its jobs, without further labels.

    >>> own, other = (Group({"job": job, "instance": "a"}) for job in ("minio", "node"))
    >>> [group.labels["job"] for group in groups_of([own, other], "a")]
    ['minio']
    """
    found = [
        group
        for group in groups
        if group.labels.keys() == {"job", "instance"} and group.labels["instance"] == instance
    ]
    named = (group.jobs for group in found if group.labels["job"] == JOB)
    jobs = _OWN_JOBS.union(*named)
    return [group for group in found if group.labels["job"] in jobs]


class _Sample(BaseModel):
    labels: dict[str, str] = {}
    value: str = ""


class _Family(BaseModel):
    type: str = ""
    metrics: tuple[_Sample, ...] = ()


class _Entry(BaseModel):
    """A group in the list: its labels, a few flags, and a family for each metric's name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any]

    labels: dict[str, str]


class _Listing(BaseModel):
    data: list[_Entry]


_FAMILY: Final = TypeAdapter(_Family)


def groups_in(answer: Answer) -> list[Group]:
    """The groups in an answer of `GET /api/v1/metrics`.

    Raises:
        ValueError: it holds no list of groups.

    >>> pushed = '{"type": "GAUGE", "metrics": [{"labels": {}, "value": "1.5e+09"}]}'
    >>> entry = '{"labels": {"job": "a"}, "push_time_seconds": %s}' % pushed
    >>> date = "Fri, 14 Jul 2017 02:40:07 GMT"
    >>> (group,) = groups_in(Answer(200, b'{"data": [%s]}' % entry.encode(), date=date))
    >>> group.labels, group.pushed, group.age_seconds
    ({'job': 'a'}, 1500000000.0, 7.0)
    """
    now = _unix_seconds(answer.date)
    return [_group(entry, now) for entry in _Listing.model_validate_json(answer.body).data]


def _group(entry: _Entry, now: float | None) -> Group:
    families = {name: _family(found) for name, found in entry.__pydantic_extra__.items()}
    pushed = _value(families.get(_PUSHED))
    return Group(
        labels=entry.labels,
        pushed=pushed,
        age_seconds=None if now is None or pushed is None else max(now - pushed, 0.0),
        run_start=_value(families.get(RUN_START)),
        interval_seconds=_value(families.get(PUSH_INTERVAL)),
        jobs=_names(families.get(JOB_INFO)),
        types={name: family.type.lower() for name, family in families.items() if family.type},
    )


def _family(found: object) -> _Family:
    """The family, or an empty one: besides families there is whether the last push succeeded."""
    try:
        return _FAMILY.validate_python(found)
    except ValidationError:
        return _Family()


def _names(family: _Family | None) -> frozenset[str]:
    """The values of the label `name` of a family's samples."""
    samples = () if family is None else family.metrics
    return frozenset(one.labels["name"] for one in samples if one.labels.get("name"))


def _value(family: _Family | None) -> float | None:
    """The value of a metric that has no labels but the group's; None where there is no number."""
    if family is None or not family.metrics:
        return None
    try:
        value = float(family.metrics[0].value)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _unix_seconds(date: str) -> float | None:
    """The time that a Date header says, the gateway's own; None where it says none."""
    try:
        found = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
