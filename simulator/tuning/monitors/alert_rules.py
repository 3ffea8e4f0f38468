"""Prometheus's alert rules: what they compare, with what, and for how long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from simulator.errors import RuleError
from simulator.mapping.signals import Signals, signal_of
from simulator.quoting import quoted, shortened
from simulator.reading.files import read_text
from simulator.reading.yaml_text import yaml_in
from simulator.timeline.durations import parse_duration
from simulator.tuning.monitors.comparisons import comparison

__all__ = ["AlertRule", "read_rules"]

_MOST_BYTES: Final = 4 * 1024 * 1024
_LEVELS: Final = {"warning": "orange", "critical": "red"}


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert whose expression ends in a comparison with a number.

    `query` is what is compared, `hold` the rule's `for` in seconds, `level` "orange" for a warning
    and "red" for a critical one. `signal` is the rule's label, or what its query reads; `panel` its
    annotation, a link with `viewPanel=ID`. `path` is the place in the file. Rules are equal where
    what is written is.
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
    file: Path
    path: tuple[str | int, ...]

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
    return tuple(rule for file in files for rule in _rules(file, signals))


def _rules(file: Path, signals: Signals) -> Iterator[AlertRule]:
    text = read_text(file, most=_MOST_BYTES, error=RuleError)
    document = yaml_in(text, file, error=RuleError, has_aliases=True)
    groups = document.get("groups") if isinstance(document, dict) else None
    if not isinstance(groups, list):
        raise RuleError(f"{file}: a mapping with a list of groups is wanted")
    for g, group in enumerate(groups):
        if not isinstance(group, dict):
            raise RuleError(f"{file}: groups.{g}: a mapping is wanted, found {quoted(group)}")
        rules = group.get("rules")
        if not isinstance(rules, list | None):
            raise RuleError(f"{file}: groups.{g}.rules: a list is wanted, found {quoted(rules)}")
        for r, rule in enumerate(rules or ()):
            path = ("groups", g, "rules", r)
            if not isinstance(rule, dict):
                place = f"{file}: {_joined(path)}"
                raise RuleError(f"{place}: a mapping is wanted, found {quoted(rule)}")
            if "alert" in rule:
                yield from _alert(rule, file, path, signals)


def _joined(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))


def _mapping(rule: Mapping[str, object], key: str, place: str) -> Mapping[str, object]:
    found = rule.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise RuleError(f"{place}: {key}: a mapping is wanted, found {quoted(found)}")
    return found


def _text(values: Mapping[str, object], key: str, place: str) -> str:
    """A value as Prometheus takes it, for which numbers are text as well; "" where there is none.

    A list is not written out: with aliases in it, it may be endless.
    """
    found = values.get(key)
    if isinstance(found, list | tuple | dict | set):
        what = "a mapping" if isinstance(found, dict) else "a list"
        raise RuleError(f"{place}: {key}: text is wanted, found {what}")
    return "" if found is None else str(found)


def _alert(
    rule: Mapping[str, object], file: Path, path: tuple[str | int, ...], signals: Signals
) -> Iterator[AlertRule]:
    place = f"{file}: {_joined(path)}"
    name, expression = _text(rule, "alert", place), _text(rule, "expr", place)
    place = f"{place} ({shortened(name)})"
    if not expression:
        raise RuleError(f"{place}: has no expr")
    labels = _mapping(rule, "labels", place)
    level = _LEVELS.get(_text(labels, "severity", place))
    found = comparison(expression)
    if level is None or found is None:
        return
    yield AlertRule(
        name=name,
        query=found.query,
        is_lower_worse="<" in found.sign,
        is_inclusive="=" in found.sign,
        threshold=float(found.number),
        hold=_seconds(_text(rule, "for", place) or "0s", place),
        level=level,
        signal=_text(labels, "signal", place) or signal_of(found.query, signals) or name,
        panel=_text(_mapping(rule, "annotations", place), "panel", place),
        file=file,
        path=path,
    )


def _seconds(text: str, place: str) -> float:
    try:
        return 0.0 if text == "0" else parse_duration(text)
    except ValueError as error:
        raise RuleError(f"{place}: for: {error}") from error
