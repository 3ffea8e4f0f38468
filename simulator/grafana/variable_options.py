"""The options of a query variable: what its regex keeps of the answers, in the order it wants.

Rules of grafana/scenes packages/scenes/src/variables/variants/query/utils.ts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from simulator.errors import DashboardError
from simulator.grafana.value_mappings import field_pattern
from simulator.quoting import quoted

__all__ = ["variable_options"]

_DIGITS: Final = re.compile(r"\d+", re.ASCII)

_Option = tuple[str, str]
"""A value and the text that is shown for it."""


def variable_options(answers: Iterable[str], regex: str, sort: int) -> tuple[str, ...]:
    """The values to choose from; `sort` is Grafana's number, 0 for the order they come in.

    Raises:
        DashboardError: the regex is none.

    >>> variable_options(["port-443", "port-80", "host"], "/port-(.*)/", 3)
    ('80', '443')
    """
    first: dict[str, _Option] = {}
    for option in (one for text in answers for one in _kept(text, regex)):
        first.setdefault(option[0], option)
    options = list(first.values())
    if key := _KEYS.get((sort + 1) // 2):
        options.sort(key=lambda option: key(option[1]))
        if sort % 2 == 0:
            options.reverse()
    return tuple(value for value, _ in options)


def _kept(text: str, regex: str) -> Iterator[_Option]:
    """What a regex makes of one answer: its first group, or those called value and text."""
    if not regex:
        yield text, text
        return
    matches = _matches(text, regex)
    named = [match.groupdict() for match in matches]
    value = next((m["value"] for m in named if m.get("value")), None)
    label = next((m["text"] for m in named if m.get("text")), None)
    if value or label:
        yield value or label or "", label or value or ""
    elif matches and matches[0].re.groups:
        for match in matches:
            group = match[1] or ""
            yield group, group
    elif matches:
        yield text, text


def _matches(text: str, regex: str) -> list[re.Match[str]]:
    """All matches of a global regex, else the first; one without slashes is for the whole text."""
    pattern = field_pattern(regex)
    if pattern is None:
        raise DashboardError(f"{quoted(regex)} is not a valid regular expression")
    is_global = regex.startswith("/") and "g" in regex.rpartition("/")[2]
    found = list(pattern.finditer(text)) if is_global else [pattern.search(text)]
    return [match for match in found if match]


def _number(label: str) -> float:
    found = _DIGITS.search(label)
    return float(found[0]) if found else -1.0


def _natural(label: str) -> list[tuple[int, int, str]]:
    """Numbers in a text compare as numbers, and letters without their case."""
    parts = re.split(r"(\d+)", label.casefold(), flags=re.ASCII)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


_KEYS: Final[dict[int, Callable[[str], Any]]] = {
    1: lambda label: label,
    2: _number,
    3: str.lower,
    4: _natural,
}
