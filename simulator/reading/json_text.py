"""JSON of others: any text is read, or refused in one line."""

import json
from collections.abc import Sequence
from typing import NoReturn

from simulator.errors import SimulatorError
from simulator.quoting import quoted

__all__ = ["json_in"]


def json_in(
    text: str, source: object, *, error: type[SimulatorError], has_unique_keys: bool = True
) -> object:
    """The value that a JSON text holds; `source` names it in messages.

    Where keys need not be unique, the last one counts, as in a browser.

    Raises:
        SimulatorError: of the type `error`: it is not JSON, says a key twice, is nested too
            deeply, or holds NaN, half of a surrogate pair, or an integer of thousands of digits.

    >>> json_in('{"a": [1, 2.5]}', "a.json", error=SimulatorError)
    {'a': [1, 2.5]}
    >>> json_in('{"a": 1, "a": 2}', "a.json", error=SimulatorError)
    Traceback (most recent call last):
    simulator.errors.SimulatorError: a.json: not JSON: the key 'a' is given twice in one object
    """
    try:
        found: object = json.loads(
            text,
            parse_constant=_refused,
            parse_int=_integer,
            object_pairs_hook=_unique if has_unique_keys else None,
        )
        if "\\u" in text:  # the only way in which text that cannot be written out comes in
            json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as cause:
        said = f"{cause.msg}, line {cause.lineno} column {cause.colno}"
    except UnicodeEncodeError as cause:
        said = f"{quoted(cause.object[cause.start])} is half of a character"
    except ValueError as cause:
        said = str(cause)
    except RecursionError:
        said = "nested too deeply to be read"
    else:
        return found
    raise error(f"{source}: not JSON: {said}")


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value (Python writes it, browsers refuse it)")


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError as error:  # Python reads some thousand digits at most, as more take long
        count = len(digits.removeprefix("-"))
        raise ValueError(f"{digits[:20]}... is an integer of {count:,} digits") from error


def _unique(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {quoted(key)} is given twice in one object")
        found[key] = value
    return found
