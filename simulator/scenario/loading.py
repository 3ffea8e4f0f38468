"""Reading scenarios: from the library by name, or from a YAML file."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from simulator.errors import ScenarioError
from simulator.quoting import quoted, shortened
from simulator.reading.files import read_text
from simulator.reading.yaml_text import yaml_in
from simulator.scenario.episode import Problem
from simulator.scenario.misspelt import meant
from simulator.scenario.model import Scenario
from simulator.scenario.rules import problems
from simulator.spelling import did_you_mean

__all__ = ["chosen_scenario", "library_names", "load_scenario", "parse_scenario", "scenario_text"]

_LIBRARY: Final = files("simulator.scenario") / "library"
_MAX_BYTES: Final = 256 * 1024
_MOST_PROBLEMS: Final = 20  # of a file are listed; it may have as many as it has lines


def library_names() -> list[str]:
    """The names of the scenarios that come with the package, sorted."""
    return sorted(p.name.removesuffix(".yaml") for p in _LIBRARY.iterdir())


def load_scenario(name_or_path: str) -> Scenario:
    """The scenario of that name in the library, else the one in that file.

    Raises:
        ScenarioError: neither exists, or the file is no valid scenario.

    >>> load_scenario("calm").name
    'calm'
    """
    return parse_scenario(scenario_text(name_or_path), name_or_path)


def chosen_scenario(name_or_path: str, *, seed: int | None, compress: float) -> Scenario:
    """The scenario of that name or file, with another seed and `compress` times as fast.

    Raises:
        ScenarioError: no such scenario, or it cannot run that fast.
    """
    scenario = load_scenario(name_or_path)
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    return scenario if compress == 1.0 else scenario.compressed(compress)


def scenario_text(name_or_path: str) -> str:
    """The YAML of the scenario of that name in the library, else of that file.

    Raises:
        ScenarioError: neither exists, or the file cannot be read.
    """
    if name_or_path in library_names():
        return (_LIBRARY / f"{name_or_path}.yaml").read_text(encoding="utf-8")
    path = Path(name_or_path)
    try:
        is_file = path.is_file()
    except OSError as error:  # such as a name longer than any file's
        said = f"{quoted(name_or_path)} cannot be read: {error.strerror}"
        raise ScenarioError(said) from error
    if not is_file:
        known = library_names()
        raise ScenarioError(
            f"{quoted(name_or_path)} is neither a file nor a scenario of the library "
            f"({', '.join(known)}){did_you_mean(name_or_path, known)}"
        )
    return read_text(path, most=_MAX_BYTES, error=ScenarioError)


def parse_scenario(text: str, source: str) -> Scenario:
    """The scenario written in YAML `text`; `source` names it in messages.

    Raises:
        ScenarioError: with every problem on a line of its own, its path and the value found.
    """
    content = yaml_in(text, source, error=ScenarioError)
    if not isinstance(content, dict):
        raise ScenarioError(f"{source}: holds {type(content).__name__}, not a scenario's mapping")
    if "compression" in content:
        raise ScenarioError(f"{source}: compression: is given with --compress, not in a file")
    if mute := list(_mute(content)):
        raise ScenarioError(f"{source}: {mute[0]}: is set by a program, not in a file")
    truths = list(_truths(content))
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        seen = {path for path, _ in truths}
        wrong = [e for e in error.errors(include_url=False) if _path(e) not in seen]
        types = [(_path(e), _message(e)) for e in wrong[:_MOST_PROBLEMS]]
        n_more = len(wrong) - len(types)
        raise ScenarioError(_listed(source, truths + types, n_more=n_more)) from error
    if truths:
        raise ScenarioError(_listed(source, truths))
    if found := problems(scenario):
        raise ScenarioError(_listed(source, found))
    return scenario


def _path(error: ErrorDetails) -> str:
    """Where in the file a value has the wrong type."""
    loc = [str(part) for part in error["loc"]]
    if loc[0] == "episodes":
        del loc[2:3]  # the kind, by which the type was found, is no key of the file
    return ".".join(loc)


def _message(error: ErrorDetails) -> str:
    """What is wrong there, with what was found, and what was probably meant."""
    message, value = error["msg"].removeprefix("Value error, "), error["input"]
    if error["type"] == "union_tag_invalid":  # pydantic's own text has all of what was found
        value = error["ctx"]["tag"]
        message = f"the kind is none of {error['ctx']['expected_tags']}"
    shown = "" if error["type"] == "missing" else f" (found {quoted(value)})"
    return message + shown + meant(error)


def _mute(content: Mapping[str, object]) -> Iterator[str]:
    """Paths of episodes that are told to do nothing: who does not want one leaves it out."""
    episodes = content.get("episodes")
    for i, e in enumerate(episodes if isinstance(episodes, list) else []):
        if isinstance(e, dict) and "mute" in e:
            yield f"episodes.{i}.mute"


def _truths(content: object, path: str = "") -> Iterator[Problem]:
    """Where the file says yes, on or true, which would be taken for 1: nothing in a scenario is."""
    if isinstance(content, bool):
        yield (
            path,
            (f"is a truth value, which nothing here is; put a word in quotes (found {content})"),
        )
    elif isinstance(content, dict | list):
        items = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in items:
            yield from _truths(value, f"{path}.{key}" if path else str(key))


def _listed(source: str, found: list[Problem], *, n_more: int = 0) -> str:
    listed = found[:_MOST_PROBLEMS]
    lines = [f"{source}: {shortened(path)}: {message}" for path, message in listed]
    more = len(found) - len(listed) + n_more
    return "\n".join([*lines, f"{source}: and {more:,} more"] if more else lines)
