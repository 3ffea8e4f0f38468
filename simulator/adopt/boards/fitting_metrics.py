"""What a mapping refuses of proposed metrics is left out, and named with what it says."""

import re
from copy import deepcopy
from typing import Any, Final

from simulator.adopt.boards.on_platform import on_platform
from simulator.adopt.boards.written_metric import Written
from simulator.errors import MappingError, ScenarioError
from simulator.mapping.model import Mapping
from simulator.mapping.rules import problems
from simulator.reading.records import record_in

__all__ = ["Refused", "fitting", "mapping_of"]

_METRIC: Final = re.compile(r"^metrics\.([a-zA-Z_:][\w:]*)(?:\.(labels|constant)\.([a-zA-Z_]\w*))?")
_SOURCE: Final = "proposal"

#: A name, and what a mapping says to it.
Refused = tuple[str, str]


def mapping_of(content: dict[str, Any]) -> Mapping:
    """The mapping of a file's content.

    Raises:
        MappingError: with a line for each problem.
    """
    return record_in(Mapping, deepcopy(content), _SOURCE, rules=problems, error=MappingError)


def fitting(content: dict[str, Any], metrics: dict[str, Written]) -> list[Refused]:
    """Leaves out of a content, and of these metrics, what a mapping refuses; and says what.

    It is a net under what makes proposals: queries say more than can be foreseen.
    """
    refused: list[Refused] = []
    for _ in range(2 * len(metrics) + 10):
        said = _problems(content)
        if not said:
            return refused
        if not _leave_out(content, metrics, said, refused):
            content.pop("platform", None)
            refused.append(("platform", said[0]))
    return refused


def _problems(content: dict[str, Any]) -> list[str]:
    try:
        on_platform("tour", mapping_of(content))
    except (MappingError, ScenarioError) as error:
        return [line.partition(": ")[2] or line for line in str(error).split("\n")]
    return []


def _leave_out(
    content: dict[str, Any], metrics: dict[str, Written], said: list[str], refused: list[Refused]
) -> bool:
    """Whether something was left out."""
    done = False
    for line in said:
        found = _METRIC.match(line)
        if found is None or found[1] not in content["metrics"]:
            continue
        name, part, label = found[1], found[2], found[3]
        metric = content["metrics"][name]
        why = line.partition(": ")[2]
        if part and label in metric.get(part, {}):
            del metric[part][label]
            metrics[name].missing.append(f"{label}: {why}")
        else:
            del content["metrics"][name]
            refused.append((name, why))
        done = True
    return done
