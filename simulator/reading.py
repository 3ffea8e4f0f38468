"""Files of limited size, with errors that say what a person can mend."""

from pathlib import Path

from simulator.errors import SimulatorError

__all__ = ["read_bounded"]


def read_bounded(file: Path, *, most: int, error: type[SimulatorError]) -> bytes:
    """The file's content, of at most so many bytes.

    Raises:
        SimulatorError: of the type `error`: it cannot be read, or is larger.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(most + 1)
    except OSError as cause:
        raise error(f"{file}: cannot be read: {cause.strerror}") from cause
    if len(content) > most:
        raise error(f"{file}: larger than {most} bytes, the most that is read")
    return content
