"""Value mappings: texts and colours put in place of values; the first that matches wins."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.grafana.json_objects import javascript_number
from simulator.grafana.number_text import javascript_text
from simulator.patterns import of_javascript

__all__ = ["Mapped", "field_pattern", "has_colors", "mapped"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a mapping puts in place; None keeps the value's own."""

    text: str | None
    color: str | None


def mapped(mappings: Sequence[object], value: float | str | None) -> Mapped | None:
    """What the first matching mapping gives for a value; None where none matches.

    >>> levels = [{"type": "range", "options": {"from": 2, "result": {"text": "many"}}}]
    >>> mapped(levels, 2.0), mapped(levels, 1.9)
    (Mapped(text='many', color=None), None)
    """
    for mapping in mappings:
        if isinstance(mapping, dict) and isinstance(mapping.get("options"), dict):
            result = _result(str(mapping.get("type")), mapping["options"], value)
            if isinstance(result, dict):
                return Mapped(_optional_text(result, "text"), _optional_text(result, "color"))
    return None


def has_colors(mappings: object) -> bool:
    """Whether any of the mappings gives values a colour of its own.

    >>> has_colors([{"type": "value", "options": {"0": {"text": "down", "color": "red"}}}])
    True
    >>> has_colors([{"type": "special", "options": {"match": "nan", "result": {"text": "-"}}}])
    False
    """
    options = [
        mapping["options"]
        for mapping in (mappings if isinstance(mappings, list) else [])
        if isinstance(mapping, dict) and isinstance(mapping.get("options"), dict)
    ]
    results = [result for each in options for result in each.values()]
    return any(isinstance(result, dict) and bool(result.get("color")) for result in results)


def _optional_text(result: Mapping[str, object], key: str) -> str | None:
    value = result.get(key)
    return None if value is None else str(value)


def _result(kind: str, options: Mapping[str, object], value: float | str | None) -> object:
    match kind:
        case "value":
            return None if value is None else options.get(_key(value))
        case "range":
            return options.get("result") if _is_within(options, value) else None
        case "regex":
            return _regex_result(options, value)
        case "special":
            return options.get("result") if _is_special(options.get("match"), value) else None
    return None


def _key(value: float | str) -> str:
    return value if isinstance(value, str) else javascript_text(value)


def _is_within(options: Mapping[str, object], value: float | str | None) -> bool:
    number = math.nan if value in (None, "") else javascript_number(value)
    if math.isnan(number):
        return False
    low, high = options.get("from"), options.get("to")
    return not (
        (low is not None and number < javascript_number(low))
        or (high is not None and number > javascript_number(high))
    )


def _regex_result(options: Mapping[str, object], value: float | str | None) -> object:
    result = options.get("result")
    pattern = field_pattern(str(options.get("pattern", "")))
    if not isinstance(value, str) or not isinstance(result, dict) or pattern is None:
        return None
    if not pattern.search(value):
        return None
    if result.get("text") is None:
        return result
    replacement = re.sub(r"\$(\d)", r"\\g<\1>", str(result["text"]).replace("\\", "\\\\"))
    return {**result, "text": pattern.sub(replacement, value, count=1)}


def _is_special(wanted: object, value: float | str | None) -> bool:
    is_nan = isinstance(value, float) and math.isnan(value)
    return {
        "null": value is None,
        "nan": is_nan,
        "null+nan": value is None or is_nan,
        "true": value == "true",
        "false": value == "false",
        "empty": value == "",
    }.get(str(wanted), False)


def field_pattern(text: str) -> re.Pattern[str] | None:
    """The pattern of a matcher: `/x/` finds x anywhere, a bare `x` is the whole; None if bad.

    >>> bool(field_pattern("/b/").search("abc")), bool(field_pattern("b").search("abc"))
    (True, False)
    """
    flags = re.NOFLAG
    if text.startswith("/"):
        parts = re.fullmatch(r"/(.*?)/(g?i?m?y?s?)", text, re.DOTALL)
        if not parts:
            return None
        pattern = parts[1]
        flags |= re.IGNORECASE if "i" in parts[2] else re.NOFLAG
        flags |= re.MULTILINE if "m" in parts[2] else re.NOFLAG
        flags |= re.DOTALL if "s" in parts[2] else re.NOFLAG
    else:
        pattern = f"^{text}$"
    try:
        return re.compile(of_javascript(pattern), flags)
    except re.error:
        return None
