"""Files of bounded size, and their text."""

from pathlib import Path

from simulator.errors import SimulatorError
from simulator.quoting import shortened

__all__ = ["read_bounded", "read_text"]


def read_bounded(file: Path, *, most: int, error: type[SimulatorError]) -> bytes:
    """The file's content, of at most `most` bytes.

    Raises:
        SimulatorError: of the type `error`: it cannot be read, or is larger.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as cause:
        raise error(f"{shortened(str(file))}: cannot be read: {cause.strerror}") from cause
    if len(content) > most:
        raise error(f"{file}: larger than {most:,} bytes, the most that is read")
    return content


def read_text(file: Path, *, most: int, error: type[SimulatorError]) -> str:
    """The file's text, which is in UTF-8, without its byte order mark.

    Raises:
        SimulatorError: of the type `error`: it cannot be read, is larger, or is no such text.
    """
    try:
        return read_bounded(file, most=most, error=error).decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise error(f"{file}: not UTF-8 text at byte {cause.start}") from cause
