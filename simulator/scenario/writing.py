"""Writing scenarios as YAML that reads back to the same value."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from textwrap import wrap
from typing import Any, Final

import numpy as np
import yaml

from simulator.errors import ScenarioError
from simulator.scenario.fields import Record, is_duration
from simulator.scenario.model import Scenario
from simulator.timeline.durations import format_duration, parse_duration

__all__ = ["scenario_yaml"]

_WIDTH: Final = 98
_INDENT: Final = "  "
_FIRST: Final = {"name": 0, "kind": 1}
_NO_LIMIT: Final = 2**31
_LARGEST_WHOLE: Final = 1e15  # beyond, a float's digits are not all of them


def scenario_yaml(
    scenario: Scenario, *, head: Sequence[str] = (), notes: Mapping[str, str] | None = None
) -> str:
    """The scenario as a file to be read and edited: defaults left out, durations spelled out.

    `head` are paragraphs of comment at the top, `notes` one for the episode of each name.

    Raises:
        ScenarioError: the scenario is compressed or has mute episodes, which no file can say.

    >>> print(scenario_yaml(Scenario(name="short", description="Nothing.", duration="90m")))
    name: short
    description: Nothing.
    duration: 1h30m
    <BLANKLINE>
    """
    if scenario.compression != 1.0:
        raise ScenarioError(
            f"scenario {scenario.name!r} runs {scenario.compression:g} times as fast, "
            "which its file cannot say; write the original"
        )
    if mute := [e.name for e in scenario.episodes if e.mute]:
        raise ScenarioError(
            f"scenario {scenario.name!r} has mute episodes ({', '.join(mute)}), "
            "which its file cannot say; write the original"
        )
    lines = [line for text in head for line in _comment(text)]
    content = _plain(scenario)
    episodes = content.pop("episodes", [])
    lines.extend(_mapping(content))
    if episodes:
        lines.append("episodes:")
    for number, episode in enumerate(episodes):
        note = (notes or {}).get(episode["name"], "")
        lines.extend([""] if notes and number else [])
        lines.extend(_INDENT + line for line in [*_comment(note), *_item(episode)])
    return "\n".join([*lines, ""])


def _item(content: Mapping[str, Any]) -> Iterator[str]:
    """Lines of a mapping in a list."""
    for mark, line in zip(chain(["- "], repeat(_INDENT)), _entries(content), strict=False):
        yield mark + line


def _comment(text: str) -> Iterator[str]:
    for line in wrap(text, _WIDTH - len("# "), break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


def _mapping(content: Mapping[str, Any]) -> Iterator[str]:
    """Lines of a mapping: mappings within it as blocks, as far as they hold others."""
    for key, value in content.items():
        if isinstance(value, dict) and any(isinstance(v, dict | list) for v in value.values()):
            yield f"{key}:"
            yield from (_INDENT + line for line in _mapping(value))
        elif isinstance(value, str) and (len(key) + len(value) > _WIDTH or not value.isprintable()):
            yield from _text(key, value)
        else:
            yield from _entries({key: value})


def _text(key: str, value: str) -> Iterator[str]:
    """A long or odd text: folded over lines where that keeps all of it, else quoted."""
    lines = wrap(value, _WIDTH - len(_INDENT), break_long_words=False, break_on_hyphens=False)
    if " ".join(lines) == value and value.isprintable():
        yield f"{key}: >-"
        yield from (_INDENT + line for line in lines)
    else:
        yield from _dumped({key: value}, width=_WIDTH, flow=False, escaped=not value.isprintable())


def _entries(content: Mapping[str, Any]) -> Iterator[str]:
    """One line for each entry; more where a mapping or a list would be too long for one."""
    for key, value in content.items():
        line = f"{key}: {_flow(value)}"
        if len(line) > _WIDTH - len(_INDENT) and isinstance(value, dict | list):
            yield f"{key}:"
            yield from (_INDENT + one for one in _dumped(value, width=_WIDTH, flow=False))
        else:
            yield line


def _flow(value: object) -> str:
    """A value on one line."""
    return "".join(_dumped([value], width=_NO_LIMIT, flow=True))[1:-1]


def _dumped(value: object, *, width: int, flow: bool, escaped: bool = False) -> list[str]:
    text: str = yaml.safe_dump(
        value,
        default_flow_style=flow,
        sort_keys=False,
        allow_unicode=not escaped,
        width=width,
    )
    return text.rstrip("\n").split("\n")


def _plain(record: Record) -> dict[str, Any]:
    """What differs from the defaults, as plain values, durations as text; kinds come second."""
    found: dict[str, Any] = {}
    fields = sorted(type(record).model_fields.items(), key=lambda f: _FIRST.get(f[0], len(_FIRST)))
    for name, field in fields:
        value = getattr(record, name)
        if name != "kind" and not field.is_required() and value == field.get_default():
            continue
        found[name] = _duration(value) if is_duration(field) else _value(value)
    return found


def _value(value: object) -> object:
    match value:
        case Record():
            return _plain(value)
        case tuple():
            return [_value(one) for one in value]
        case dict():
            return {key: _value(one) for key, one in value.items()}
        case float() if value.is_integer() and abs(value) < _LARGEST_WHOLE:
            return int(value)
        case _:
            return value


def _duration(seconds: float) -> str:
    """The duration spelled out; in seconds with all their digits where that loses some.

    >>> _duration(5400.0), _duration(0.0001)
    ('1h30m', '0.0001s')
    """
    spelled = format_duration(seconds)
    if parse_duration(spelled) == seconds:
        return spelled
    return f"{np.format_float_positional(seconds, trim='-')}s"
