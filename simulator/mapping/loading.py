"""Reading mappings: from the library by name, or from a YAML file."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from simulator.errors import MappingError
from simulator.mapping.model import Mapping
from simulator.quoting import quoted
from simulator.reading.files import read_text
from simulator.reading.yaml_text import yaml_in
from simulator.spelling import did_you_mean

__all__ = ["default_mapping", "library_names", "load_mapping", "mapping_text", "parse_mapping"]

_LIBRARY: Final = files("simulator.mapping") / "library"
_MAX_BYTES: Final = 1024 * 1024


def library_names() -> list[str]:
    """The names of the mappings that come with the package, sorted."""
    return sorted(p.name.removesuffix(".yaml") for p in _LIBRARY.iterdir())


@cache
def default_mapping() -> Mapping:
    """The names of this project's own dashboards."""
    return load_mapping("default")


def load_mapping(name_or_path: str) -> Mapping:
    """The mapping of that name in the library, else the one in that file.

    Raises:
        MappingError: neither exists, or the file is no valid mapping.

    >>> load_mapping("default").name
    'default'
    """
    return parse_mapping(mapping_text(name_or_path), name_or_path)


def mapping_text(name_or_path: str) -> str:
    """The YAML of the mapping of that name in the library, else of that file.

    Raises:
        MappingError: neither exists, or the file cannot be read.
    """
    known = library_names()
    if name_or_path in known:
        return (_LIBRARY / f"{name_or_path}.yaml").read_text(encoding="utf-8")
    path = Path(name_or_path)
    try:
        is_file = path.is_file()
    except OSError as error:  # such as a name longer than any file's
        said = f"{quoted(name_or_path)} cannot be read: {error.strerror}"
        raise MappingError(said) from error
    if not is_file:
        raise MappingError(
            f"{quoted(name_or_path)} is neither a file nor a mapping of the library "
            f"({', '.join(known)}){did_you_mean(name_or_path, known)}"
        )
    return read_text(path, most=_MAX_BYTES, error=MappingError)


def parse_mapping(text: str, source: str) -> Mapping:
    """The mapping written in YAML `text`; `source` names it in messages.

    Raises:
        MappingError: with every problem on a line of its own, its path and the value found.
    """
    content = yaml_in(text, source, error=MappingError)
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        lines = [
            f"{source}: {'.'.join(map(str, e['loc']))}: {e['msg']} (found {quoted(e['input'])})"
            for e in error.errors(include_url=False)
        ]
        raise MappingError("\n".join(lines)) from error
