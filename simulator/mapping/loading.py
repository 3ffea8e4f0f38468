"""Reading mappings: from the library by name, or from YAML files; several add up."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from simulator.errors import MappingError
from simulator.mapping.api_rules import missing_applications
from simulator.mapping.kinds import component_of
from simulator.mapping.model import Mapping
from simulator.mapping.rules import PARTS, problems
from simulator.mapping.together_rules import problems_together
from simulator.reading.library import named_text, names_in
from simulator.reading.records import Problem, listed, record_in
from simulator.reading.wording import kind_of
from simulator.reading.yaml_text import yaml_in
from simulator.spelling import did_you_mean

__all__ = [
    "DEFAULT",
    "MAX_BYTES",
    "default_mapping",
    "library_names",
    "load_mapping",
    "load_mappings",
    "mapping_text",
    "parse_mapping",
]

#: The names of this project's own dashboards.
DEFAULT: Final = "default"
_LIBRARY: Final = files("simulator.mapping") / "library"
MAX_BYTES: Final = 1024 * 1024


def library_names() -> list[str]:
    """The names of the mappings that come with the package, sorted."""
    return names_in(_LIBRARY)


@cache
def default_mapping() -> Mapping:
    """The mapping of this project's own dashboards."""
    return load_mapping(DEFAULT)


def load_mapping(name_or_path: str) -> Mapping:
    """The mapping of that name in the library, else the one in that file.

    Raises:
        MappingError: neither exists, or the file is no valid mapping.

    >>> load_mapping("default").name
    'default'
    """
    mapping = parse_mapping(mapping_text(name_or_path), name_or_path)
    found = {
        name: metric
        for of, components in mapping.include.items()
        for name, metric in _alone(of).metrics.items()
        if component_of(metric) in components
    }
    whole = mapping.model_copy(update={"include": {}, "metrics": {**found, **mapping.metrics}})
    return _fitting(whole, name_or_path) if found else whole


@cache
def _alone(name: str) -> Mapping:
    return parse_mapping(mapping_text(name), name)


def load_mappings(names_or_paths: Sequence[str], *, allow_series: int | None = None) -> Mapping:
    """One mapping of several: later ones add to earlier, and say anew what both say.

    Without any it is the default one. `allow_series` is how many it may make, where not as usual.

    Raises:
        MappingError: as `load_mapping`.

    >>> load_mappings(["default", "default"]) == load_mapping("default")
    True
    """
    whole, *others = [load_mapping(one) for one in names_or_paths or [DEFAULT]]
    for other in others:
        whole = whole.with_more(other)
    found = _fitting(whole, whole.name) if others else whole
    if missing := list(missing_applications(found.api)):
        raise MappingError(listed(found.name, missing))
    if allow_series is None:
        return found
    return found.model_copy(update={"allow_series": allow_series})


def _fitting(mapping: Mapping, source: str) -> Mapping:
    """What several make together, whose metrics do not get in each other's way."""
    if found := list(problems_together(mapping)):
        raise MappingError(listed(source, found))
    return mapping


def mapping_text(name_or_path: str) -> str:
    """The YAML of the mapping of that name in the library, else of that file.

    Raises:
        MappingError: neither exists, or the file cannot be read.
    """
    return named_text(name_or_path, _LIBRARY, what="mapping", most=MAX_BYTES, error=MappingError)


def parse_mapping(text: str, source: str) -> Mapping:
    """The mapping written in YAML `text`; `source` names it in messages.

    Raises:
        MappingError: with every problem on a line of its own, its path and the value found.
    """
    content = yaml_in(text, source, error=MappingError)
    if not isinstance(content, dict):
        raise MappingError(f"{source}: holds {kind_of(content)}, not the keys of a mapping")
    if "allow_series" in content:
        raise MappingError(f"{source}: allow_series: is given with --allow-series, not in a file")
    return record_in(Mapping, content, source, rules=_problems, parts=PARTS, error=MappingError)


def _problems(mapping: Mapping) -> Iterator[Problem]:
    """Everything that is wrong with one, what it includes among it."""
    yield from problems(mapping)
    for name in mapping.include:
        if name not in library_names() or _alone(name).include:
            known = [one for one in library_names() if not _alone(one).include]
            yield (
                f"include.{name}",
                "only mappings of the library that include nothing are included"
                f"{did_you_mean(name, known)}",
            )
