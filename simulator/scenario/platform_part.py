"""A platform over that of a scenario: what somebody says of theirs, and the rest as it is."""

from typing import Final, TypeVar

from simulator.errors import ScenarioError
from simulator.reading.records import listed
from simulator.scenario.baseline import Platform, Traffic
from simulator.scenario.fields import Record
from simulator.scenario.model import Scenario
from simulator.scenario.rules import problems

__all__ = ["PlatformPart", "with_platform"]

_R = TypeVar("_R", bound=Record)
_DRAWN: Final = "drawn."


class PlatformPart(Platform):
    """Some of a platform and of its traffic; what is left out is as the scenario has it.

    Sections and mappings are added to, entry by entry. A list takes the place of the scenario's;
    an entry with the name of one there changes of it what it says.
    """

    traffic: Traffic = Traffic()
    """Who sends requests to the platform."""

    def with_more(self, other: "PlatformPart") -> "PlatformPart":
        """This part with another one over it.

        >>> topic, seven = ({"topic": "results"}, {"partitions": 7})
        >>> one, other = (PlatformPart.model_validate({"kafka": k}) for k in (topic, seven))
        >>> one.with_more(other).model_dump(exclude_unset=True)
        {'kafka': {'topic': 'results', 'partitions': 7}}
        """
        return _merged(self, other, other)


def with_platform(scenario: Scenario, part: PlatformPart, *, source: str = "platform") -> Scenario:
    """The scenario on that platform, checked again as a whole; `source` names the part in messages.

    Messages say where it is in a file that has the part under `platform`. Of episodes that are
    still to be drawn only those will be that it has room for (`out_of_reach`). Durations are
    scenario time, as in the scenario's own file: a scenario that runs faster has them shorter.

    >>> from simulator.scenario.loading import load_scenario
    >>> part = PlatformPart.model_validate({"kafka": {"topic": "scoring-results"}})
    >>> with_platform(load_scenario("calm"), part).platform.kafka.topic
    'scoring-results'

    Raises:
        ScenarioError: the scenario cannot be on it, with every problem on a line of its own.
    """
    faster = part.compressed(scenario.compression)
    changes: dict[str, Record] = {"platform": _merged(scenario.platform, part, faster)}
    if "traffic" in part.model_fields_set:
        changes["traffic"] = _merged(scenario.traffic, part.traffic, faster.traffic)
    changed = scenario.model_copy(update=changes)
    found = [
        (_in_part(path), said) for path, said in problems(changed) if not path.startswith(_DRAWN)
    ]
    if found:
        raise ScenarioError(listed(f"{source}, under scenario {scenario.name!r}", found))
    return changed


def _in_part(path: str) -> str:
    """Where a part has what a scenario has at `path`."""
    return f"platform.{path}" if path.startswith("traffic.") else path


def _merged(of: _R, said: Record, values: Record) -> _R:
    """A record with what is said of it; `said` knows which of the `values` that is."""
    changes: dict[str, object] = {}
    for name in said.model_fields_set & type(of).model_fields.keys():
        before, after, value = getattr(of, name), getattr(said, name), getattr(values, name)
        match before, after, value:
            case Record(), Record(), Record():
                changes[name] = _merged(before, after, value)
            case dict(), dict(), dict():
                changes[name] = before | {
                    key: _over(before.get(key), one, value[key]) for key, one in after.items()
                }
            case tuple(), tuple(), tuple():
                changes[name] = tuple(
                    _entry(before, one, faster) for one, faster in zip(after, value, strict=True)
                )
            case _:
                changes[name] = value
    return of.model_copy(update=changes)


def _entry(before: tuple[object, ...], said: object, value: object) -> object:
    """An entry of a list, over the one of the same name."""
    name = getattr(said, "name", None)
    same = (one for one in before if name is not None and getattr(one, "name", None) == name)
    return _over(next(same, None), said, value)


def _over(before: object, said: object, value: object) -> object:
    """A value over another: merged where both are records."""
    if isinstance(before, Record) and isinstance(said, Record) and isinstance(value, Record):
        return _merged(before, said, value)
    return value
