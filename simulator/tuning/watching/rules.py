"""Prometheus's alert rules: what they compare, with what, and for how long."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from simulator.errors import RuleError
from simulator.metrics.signals import signal_of
from simulator.reading import read_bounded
from simulator.timeline.durations import parse_duration

__all__ = ["AlertRule", "read_rules"]

_MOST_BYTES: Final = 4 * 1024 * 1024
_COMPARISON: Final = re.compile(
    r"(?P<body>.*?\S)\s*(?P<sign>>=|<=|>|<)\s*(?P<number>[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*",
    re.DOTALL,
)
_QUOTED: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")
_SET_OPERATOR: Final = re.compile(r"\b(?:and|or|unless)\b")
_LEVELS: Final = {"warning": "orange", "critical": "red"}


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert whose expression ends in a comparison with a number.

    `query` is what is compared, `hold` the rule's `for` in seconds, `level` "orange" for a warning
    and "red" for a critical one. `signal` is the rule's label, or what its query reads; `panel` its
    annotation, a link that ends in `viewPanel=ID`. `path` is the place in the file.
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
        RuleError: a file cannot be read or is no rule file, or a number or a time in it is none.
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
    found = _COMPARISON.fullmatch(str(rule["expr"]).strip())
    if level is None or found is None:
        return
    body = found["body"]
    is_in_comment = "#" in _QUOTED.sub("", body).rpartition("\n")[2]
    if is_in_comment or _SET_OPERATOR.search(_outermost(body)):
        return
    yield AlertRule(
        name=str(rule["alert"]),
        query=body,
        is_lower_worse="<" in found["sign"],
        is_inclusive="=" in found["sign"],
        threshold=_number(found["number"], place),
        hold=_seconds(rule.get("for", "0s"), place),
        level=level,
        signal=str(named.get("signal") or signal_of(body) or rule["alert"]),
        panel=str(notes.get("panel", "")) if isinstance(notes, dict) else "",
        file=file,
        path=path,
    )


def _outermost(query: str) -> str:
    """The query without what is in parentheses, braces or quotes."""
    kept, depth = [], 0
    for character in _QUOTED.sub("", query):
        depth += (character in "({[") - (character in ")}]")
        kept.append(character if depth == 0 else "")
    return "".join(kept)


def _number(text: str, place: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise RuleError(f"{place}: {text!r} is no number") from error


def _seconds(value: object, place: str) -> float:
    try:
        return 0.0 if str(value) == "0" else parse_duration(str(value))
    except ValueError as error:
        raise RuleError(f"{place}: for: {error}") from error
