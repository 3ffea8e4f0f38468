"""Reading scenarios: from the library by name, or from a YAML file."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Final

from simulator.errors import ScenarioError
from simulator.reading.library import named_text, names_in
from simulator.reading.records import record_in
from simulator.reading.wording import kind_of
from simulator.reading.yaml_text import yaml_in
from simulator.scenario.model import Scenario
from simulator.scenario.rules import PARTS, problems

__all__ = ["MOST_BYTES", "library_names", "load_scenario", "parse_scenario", "scenario_text"]

_LIBRARY: Final = files("simulator.scenario") / "library"
#: More is not read of a file.
MOST_BYTES: Final = 256 * 1024


def library_names() -> list[str]:
    """The names of the scenarios that come with the package, sorted."""
    return names_in(_LIBRARY)


def load_scenario(name_or_path: str) -> Scenario:
    """The scenario of that name in the library, else the one in that file.

    Raises:
        ScenarioError: neither exists, or the file is no valid scenario.

    >>> load_scenario("calm").name
    'calm'
    """
    return parse_scenario(scenario_text(name_or_path), name_or_path)


def scenario_text(name_or_path: str) -> str:
    """The YAML of the scenario of that name in the library, else of that file.

    Raises:
        ScenarioError: neither exists, or the file cannot be read.
    """
    return named_text(name_or_path, _LIBRARY, what="scenario", most=MOST_BYTES, error=ScenarioError)


def parse_scenario(text: str, source: str) -> Scenario:
    """The scenario written in YAML `text`; `source` names it in messages.

    Raises:
        ScenarioError: with every problem on a line of its own, its path and the value found.
    """
    content = yaml_in(text, source, error=ScenarioError)
    if not isinstance(content, dict):
        raise ScenarioError(f"{source}: holds {kind_of(content)}, not the keys of a scenario")
    if "compression" in content:
        raise ScenarioError(f"{source}: compression: is given with --compress, not in a file")
    if mute := list(_mute(content)):
        raise ScenarioError(f"{source}: {mute[0]}: is set by a program, not in a file")
    return record_in(Scenario, content, source, rules=problems, parts=PARTS, error=ScenarioError)


def _mute(content: Mapping[str, object]) -> Iterator[str]:
    """Paths of episodes that are told to do nothing: who does not want one leaves it out."""
    episodes = content.get("episodes")
    for i, e in enumerate(episodes if isinstance(episodes, list) else []):
        if isinstance(e, dict) and "mute" in e:
            yield f"episodes.{i}.mute"
