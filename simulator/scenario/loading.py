"""Reading scenarios: from the library by name, or from a YAML file."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from simulator.errors import ScenarioError
from simulator.scenario.model import Scenario
from simulator.scenario.rules import Problem, problems

__all__ = ["chosen_scenario", "library_names", "load_scenario", "parse_scenario", "scenario_text"]

_LIBRARY: Final = files("simulator.scenario") / "library"
_MAX_BYTES: Final = 256 * 1024


class _PlainLoader(yaml.SafeLoader):
    """Safe YAML without aliases (they can expand without end) and without repeated keys."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # untyped in the stubs
            raise yaml.YAMLError(f"aliases are not supported (line {mark.line + 1})")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's own signature
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key == "<<":
                line = key_node.start_mark.line + 1
                raise yaml.YAMLError(f"merging with << is not supported (line {line})")
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.YAMLError(f"the key {key!r} is given twice (line {line})")
            seen.add(key)
        return super().construct_mapping(node, deep)


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
    """The scenario of that name or file, with another seed and so many times as fast.

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
        if not path.is_file():
            known = ", ".join(library_names())
            raise ScenarioError(
                f"{name_or_path[:200]!r} is neither a file nor a scenario of the library ({known})"
            )
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise ScenarioError(f"{path}: {size:,} bytes; a scenario has at most {_MAX_BYTES:,}")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{name_or_path[:200]}: cannot be read as text: {error}") from error


def parse_scenario(text: str, source: str) -> Scenario:
    """The scenario written in YAML `text`; `source` names it in messages.

    Raises:
        ScenarioError: with every problem on a line of its own, its path and the value found.
    """
    try:
        content = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - derived from SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError, LookupError, AttributeError) as error:
        # the last two are what PyYAML's constructors raise for values that do not fit their tag
        said = " ".join(str(error).split())
        raise ScenarioError(f"{source}: not YAML: {said}") from error
    if not isinstance(content, dict):
        raise ScenarioError(f"{source}: holds {type(content).__name__}, not a scenario's mapping")
    if "compression" in content:
        raise ScenarioError(f"{source}: compression: is given with --compress, not in a file")
    truths = list(_truths(content))
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        seen = {path for path, _ in truths}
        types = [problem for problem in _type_problems(error) if problem[0] not in seen]
        raise ScenarioError(_listed(source, truths + types)) from error
    if truths:
        raise ScenarioError(_listed(source, truths))
    if found := problems(scenario):
        raise ScenarioError(_listed(source, found))
    return scenario


def _type_problems(error: ValidationError) -> list[tuple[str, str]]:
    found = []
    for item in error.errors(include_url=False):
        loc = [str(part) for part in item["loc"]]
        if loc[0] == "episodes":
            del loc[2:3]  # the kind, by which the type was found, is no key of the file
        path = ".".join(loc)
        message = item["msg"].removeprefix("Value error, ")
        shown = "" if item["type"] == "missing" else f" (found {_short(item['input'])})"
        found.append((path, message + shown))
    return found


def _truths(content: object, path: str = "") -> Iterator[Problem]:
    """Where the file says yes, on or true, which would be taken for 1: nothing in a scenario is."""
    if isinstance(content, bool):
        yield path, f"is a truth value, which nothing here is (found {content})"
    elif isinstance(content, dict | list):
        items = content.items() if isinstance(content, dict) else enumerate(content)
        for key, value in items:
            yield from _truths(value, f"{path}.{key}" if path else str(key))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."  # noqa: PLR2004 - one line of terminal


def _listed(source: str, found: list[tuple[str, str]]) -> str:
    return "\n".join(f"{source}: {path}: {message}" for path, message in found)
