"""Files that appear complete or not at all."""

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from simulator.errors import OutputError

__all__ = ["write_all_atomically", "write_atomically"]


def write_atomically(file: Path, content: str | bytes) -> None:
    """Writes the file under another name first, so that nobody ever reads half of it.

    Text is written in UTF-8. A file that is there already keeps its permissions, and a link leads
    where it did.

    Raises:
        OutputError: it cannot be written; what was there before is still there.
    """
    write_all_atomically({file: content})


def write_all_atomically(contents: Mapping[Path, str | bytes]) -> None:
    """The same for several: none of them is replaced before all are on the disk.

    Raises:
        OutputError: one cannot be written; then none is replaced, unless its place fails just then.
    """
    with ExitStack() as left:
        staged = [(_staged(file, content, left), file) for file, content in contents.items()]
        for part, file in staged:
            try:
                part.replace(file.resolve())
            except OSError as error:
                raise OutputError(f"cannot write {file}: {error.strerror or error}") from error


def _staged(file: Path, content: str | bytes, left: ExitStack) -> Path:
    """A file beside it with the content, which is gone when `left` ends."""
    try:
        target = file.resolve()
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as part:
            left.callback(Path(part.name).unlink, missing_ok=True)
            part.write(content if isinstance(content, bytes) else content.encode())
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).chmod(_mode(target))
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror or error}") from error
    return Path(part.name)


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o666 & ~_umask()


def _umask() -> int:
    """What the process takes away from new files; it can only be read by setting it."""
    current = os.umask(0o077)
    os.umask(current)
    return current
