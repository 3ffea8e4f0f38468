"""Files that come with the package, chosen by name, or those of others, by path."""

from importlib.resources.abc import Traversable
from pathlib import Path

from simulator.errors import SimulatorError
from simulator.quoting import quoted
from simulator.reading.files import read_text
from simulator.spelling import did_you_mean

__all__ = ["named_text", "names_in"]

_SUFFIX = ".yaml"


def names_in(library: Traversable) -> list[str]:
    """The names of the YAML files that come with the package, sorted."""
    found = (file.name for file in library.iterdir())
    return sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX))


def named_text(
    name_or_path: str,
    library: Traversable,
    *,
    what: str,
    most: int,
    error: type[SimulatorError],
) -> str:
    """The YAML of that name in the library, else of that file, of at most `most` bytes.

    Raises:
        SimulatorError: of the type `error`: neither exists, or the file cannot be read.
    """
    known = names_in(library)
    if name_or_path in known:
        return (library / f"{name_or_path}{_SUFFIX}").read_text(encoding="utf-8")
    path = Path(name_or_path)
    try:
        is_file = path.is_file()
    except (OSError, ValueError) as cause:  # such as a name longer than any file's
        reason = cause.strerror if isinstance(cause, OSError) else cause
        raise error(f"{quoted(name_or_path)} cannot be read: {reason}") from cause
    if not is_file:
        raise error(
            f"{quoted(name_or_path)} is neither a file nor a {what} of the library "
            f"({', '.join(known)}){did_you_mean(name_or_path, known)}"
        )
    return read_text(path, most=most, error=error)
