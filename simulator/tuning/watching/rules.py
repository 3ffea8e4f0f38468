"""Prometheus's alert rules: what they compare, with what, and for how long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from simulator.errors import RuleError
from simulator.metrics.signals import signal_of
from simulator.reading import read_bounded
from simulator.timeline.durations import parse_duration
from simulator.tuning.watching.comparisons import comparison

__all__ = ["AlertRule", "read_rules"]

_MOST_BYTES: Final = 4 * 1024 * 1024
_LEVELS: Final = {"warning": "orange", "critical": "red"}


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert whose expression ends in a comparison with a number.

    `query` is what is compared, `hold` the rule's `for` in seconds, `level` "orange" for a warning
    and "red" for a critical one. `signal` is the rule's label, or what its query reads; `panel` its
    annotation, a link with `viewPanel=ID`. `path` is the place in the file.
    """

    name: str
    query: str
    is_lower_worse: bool
    is_inclusive: bool
    threshold: float
    hold: float
    level: str
    signal: str
    panel: str
    file: Path
    path: tuple[str | int, ...]

    @property
    def is_as_coloured(self) -> bool:
        """Whether it compares as Grafana colours: with `>=` or `<`."""
        return self.is_inclusive != self.is_lower_worse


def read_rules(files: Sequence[Path]) -> tuple[AlertRule, ...]:
    """The alerts of rule files that compare with a number and are warnings or critical.

    Others have no single threshold to tune and are left out, such as `up == 0` and `a and b > 1`.

    Raises:
        RuleError: a file cannot be read or is no rule file, or a time in it is none.
    """
    return tuple(rule for file in files for rule in _rules(file))


def _rules(file: Path) -> Iterator[AlertRule]:
    document = _read(file)
    groups = document.get("groups") if isinstance(document, dict) else None
    if not isinstance(groups, list):
        raise RuleError(f"{file}: a mapping with a list of groups is wanted")
    for g, group in enumerate(groups):
        rules = group.get("rules") if isinstance(group, dict) else None
        for r, rule in enumerate(rules if isinstance(rules, list) else []):
            path = ("groups", g, "rules", r)
            if isinstance(rule, dict) and isinstance(rule.get("expr"), str) and "alert" in rule:
                yield from _alert(rule, file, path)


def _read(file: Path) -> object:
    try:
        return yaml.safe_load(read_bounded(file, most=_MOST_BYTES, error=RuleError))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RuleError(f"{file}: not YAML: {' '.join(str(error).split())}") from error


def _alert(
    rule: Mapping[str, object], file: Path, path: tuple[str | int, ...]
) -> Iterator[AlertRule]:
    place = f"{file}: {'.'.join(map(str, path))} ({rule['alert']})"
    labels, notes = rule.get("labels"), rule.get("annotations")
    named = labels if isinstance(labels, dict) else {}
    level = _LEVELS.get(str(named.get("severity", "")))
    found = comparison(str(rule["expr"]))
    if level is None or found is None:
        return
    yield AlertRule(
        name=str(rule["alert"]),
        query=found.query,
        is_lower_worse="<" in found.sign,
        is_inclusive="=" in found.sign,
        threshold=float(found.number),
        hold=_seconds(rule.get("for", "0s"), place),
        level=level,
        signal=str(named.get("signal") or signal_of(found.query) or rule["alert"]),
        panel=str(notes.get("panel", "")) if isinstance(notes, dict) else "",
        file=file,
        path=path,
    )


def _seconds(value: object, place: str) -> float:
    try:
        return 0.0 if str(value) == "0" else parse_duration(str(value))
    except ValueError as error:
        raise RuleError(f"{place}: for: {error}") from error
