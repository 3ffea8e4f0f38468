"""Parts of a text replaced, the rest of it byte for byte as it was."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import TuningError

__all__ = ["Edit", "edited", "place", "utf8_text"]


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from `start` to before `end` become `text`."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap.

    >>> edited("a > 1, b > 2", [Edit(4, 5, "10"), Edit(11, 12, "20")])
    'a > 10, b > 20'
    """
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def utf8_text(content: bytes, file: Path) -> str:
    """The text with its byte order mark and line ends, which encodes to the same bytes.

    Raises:
        TuningError: it is not UTF-8.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TuningError(f"{file}: not UTF-8: byte {error.start}") from error


def place(file: Path, path: tuple[str | int, ...]) -> str:
    """Where something is, for messages.

    >>> place(Path("a.json"), ("panels", 3, "id"))
    'a.json: panels.3.id'
    """
    return f"{file}: {'.'.join(map(str, path))}"
