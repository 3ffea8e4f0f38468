"""What pydantic complains of in a file, in the words of whoever writes the file."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from pydantic_core import ErrorDetails

from simulator.quoting import quoted

__all__ = ["expected", "is_of_type", "kind_of", "said", "wanted", "words_in"]

_QUOTED: Final = re.compile(r"'([^']*)'")
_KEYS: Final = "keys with their values"
#: What should be there, by what pydantic calls the complaint.
_KINDS: Final = {
    "string_type": "a text",
    "dict_type": _KEYS,
    "mapping_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "dataclass_type": _KEYS,
    "tuple_type": "a list",
    "list_type": "a list",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "none_required": "nothing",
    "date_type": "a date",
}
#: What a file may hold; a truth value is a number to Python.
_FOUND: Final[dict[type, str]] = {
    bool: "true or false",
    str: "a text",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: _KEYS,
}
_BOUNDS: Final = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
_HAS_LETTERS: Final = re.compile(r"[a-zA-Z]")


def kind_of(value: object) -> str:
    """What a value of a file is, as one says it.

    >>> kind_of(None), kind_of([1]), kind_of("x")
    ('nothing', 'a list', 'a text')
    """
    if value is None:
        return "nothing"
    return next(
        (name for kind, name in _FOUND.items() if isinstance(value, kind)),
        f"a {type(value).__name__}",
    )


def is_of_type(error: ErrorDetails) -> bool:
    """Whether the value is of another kind altogether than what is wanted."""
    return error["type"] in _KINDS or error["type"] == "literal_error"


def expected(error: ErrorDetails) -> str:
    """What should be there, for a complaint that says it; else ""."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{words} {_limit(context[name], error['input'])}"
    if kind == "literal_error":
        return str(context["expected"])
    return _KINDS.get(kind, "")


def wanted(errors: Iterable[ErrorDetails]) -> str:
    """What one of several should be: of each kind once, words of a vocabulary together."""
    found = list(errors)
    words = [word for error in found for word in words_in(error)]
    named = [", ".join(map(repr, dict.fromkeys(words)))] if words else []
    kinds = dict.fromkeys(expected(e) for e in found if e["type"] != "literal_error")
    each = [*named, *kinds]
    return " or ".join(filter(None, [", ".join(each[:-1]), each[-1]]))


def words_in(error: ErrorDetails) -> Sequence[str]:
    """The words that are allowed, where a complaint lists them."""
    if error["type"] == "literal_error":
        return _QUOTED.findall(error["ctx"]["expected"])
    if error["type"] == "union_tag_invalid":
        return _QUOTED.findall(error["ctx"]["expected_tags"])
    return ()


def said(error: ErrorDetails) -> str:
    """What is wrong, with what was found, where that says more than the message."""
    kind, value = error["type"], error["input"]
    if kind == "missing":
        return "is missing"
    if kind == "union_tag_invalid":  # pydantic's own text has all of what was found
        known = ", ".join(words_in(error))
        return f"the kind is none of {known} (found {quoted(error['ctx']['tag'])})"
    message = _SAID[kind](error.get("ctx", {})) if kind in _SAID else ""
    message = message or (f"should be {expected(error)}" if expected(error) else _own(error))
    says_it = kind in {"value_error", "union_tag_not_found"} and (
        value is None or isinstance(value, dict)
    )
    if kind == "string_type" and isinstance(value, int | float):
        message += ": put it in quotes"
    return message if says_it else f"{message} (found {quoted(value)})"


def _own(error: ErrorDetails) -> str:
    """What a type of this project says itself, or what pydantic says where nobody foresaw it."""
    message = error["msg"].removeprefix("Value error, ")
    return message.replace("Input should be ", "should be ", 1)


def _limit(limit: object, value: object) -> str:
    """A bound; of a duration, which was written as such, in seconds."""
    number = f"{limit:.12g}" if isinstance(limit, float) else str(limit)
    return f"{number}s" if isinstance(value, str) and _HAS_LETTERS.search(value) else number


def _has(count: int) -> str:
    return f"has {count:,}" if count else "is empty"


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"


#: What is said whole, by what pydantic calls the complaint.
_SAID: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "extra_forbidden": lambda _: "is no key here",
    "finite_number": lambda _: "should be a finite number",
    "invalid_key": lambda _: "a key should be a text",
    "too_short": lambda c: f"{_has(c['actual_length'])}, and needs at least {c['min_length']:,}",
    "too_long": lambda c: f"may have at most {c['max_length']:,} of them",
    "string_too_short": lambda c: (
        "is empty" if c["min_length"] == 1 else f"needs {_many(c['min_length'], 'character')}"
    ),
    "string_too_long": lambda c: f"may have at most {_many(c['max_length'], 'character')}",
    "union_tag_not_found": lambda c: f"says no {str(c['discriminator']).strip(chr(39))}",
}
