"""The tables of words beside this file: what names of metrics and of labels mean."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from simulator.errors import MappingError
from simulator.reading.yaml_text import yaml_in

__all__ = ["table", "words_by"]

_TABLES: Final = files("simulator.adopt.boards") / "words"


@cache
def table(name: str) -> Any:  # noqa: ANN401 - each table is read by one who knows it
    """What is in `words/NAME.yaml`."""
    file = f"{name}.yaml"
    text = (_TABLES / file).read_text(encoding="utf-8")
    return yaml_in(text, file, error=MappingError)


def words_by(meanings: Mapping[str, object]) -> dict[str, str]:
    """Each word of a table, and what it is under.

    >>> words_by({"request": "request req"})
    {'request': 'request', 'req': 'request'}
    """
    return {word: meaning for meaning, words in meanings.items() for word in str(words).split()}
