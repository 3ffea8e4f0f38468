"""What msgspec says of JSON that is not of a type, in words that name the place and no value."""

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["mismatch"]

_PARTS: Final = re.compile(r"(.*?)(?: - at `\$(.*)`)?", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_KINDS: Final = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "null": "null",
    "object": "an object",
    "str": "a text",
}
_KIND: Final = re.compile("`([a-z |]+)`")
_INDEX: Final = re.compile(r"\[(\d+|\.\.\.)\]")


def mismatch(message: str, words: Mapping[str, str]) -> str:
    """What is wrong with an answer, without its values: failures are listed by this text.

    `words` are those that a place allows, by the place.

    >>> mismatch("Expected `array`, got `str` - at `$.a`", {})
    'a is a text, not a list'
    >>> mismatch("Object missing required field `points` - at `$.results[...]`", {})
    'no results[].points'
    """
    what, place = _PARTS.fullmatch(message).groups()  # type: ignore[union-attr]  # any text
    place = _INDEX.sub("[]", place or "")
    if missing := _MISSING.fullmatch(what):
        return f"no {f'{place}.{missing[1]}'.removeprefix('.')}"
    shown = place.removeprefix(".") or "the whole"
    if place in words:
        return f"{shown} is none of {words[place]}"
    if "matching regex" in what:  # of keys alone
        return f"{shown} is no key"
    expected, _, got = _KIND.sub(_named, what).removeprefix("Expected ").partition(", got ")
    return f"{shown} is {f'{got}, ' if got else ''}not {expected}"


def _named(kind: re.Match[str]) -> str:
    return " or ".join(_KINDS.get(one.strip(), one.strip()) for one in kind[1].split("|"))
