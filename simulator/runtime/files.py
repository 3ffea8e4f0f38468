"""Files that appear complete or not at all."""

import os
import tempfile
from pathlib import Path

from simulator.errors import OutputError

__all__ = ["write_whole"]


def write_whole(file: Path, text: str) -> None:
    """Writes the file under another name first, so that nobody ever reads half of it.

    Raises:
        OutputError: it cannot be written; what was there before is still there.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, prefix=f".{file.name}.", encoding="utf-8", delete=False
        ) as part:
            try:
                part.write(text)
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).chmod(0o666 & ~_umask())
                Path(part.name).replace(file)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror or error}") from error


def _umask() -> int:
    """What the process takes away from new files; it can only be read by setting it."""
    current = os.umask(0o077)
    os.umask(current)
    return current
