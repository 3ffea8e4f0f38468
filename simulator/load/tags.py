"""Which tasks of the mix a test has: `--tags` and `--exclude-tags` name them."""

import logging
from argparse import Namespace
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from simulator.errors import ScenarioError
from simulator.mapping.load_part import Task
from simulator.quoting import shortened
from simulator.scenario.vocabulary import ENDPOINTS, Endpoint

__all__ = ["chosen_tasks", "warn_of_missing", "warn_of_tags"]

_LOG = logging.getLogger("scoring")
_LOOK_UPS: Final[frozenset[Endpoint]] = frozenset({"decision", "explanation", "review", "erasure"})


def chosen_tasks(options: Namespace, mix: Mapping[Task, float], scenario: str) -> dict[Task, float]:
    """What Locust's options leave of a mix; its weights stay as they are.

    Raises:
        ScenarioError: they leave none.

    >>> options = Namespace(tags=["score", "models"], exclude_tags=None)
    >>> chosen_tasks(options, {"score": 5.0, "batch": 2.0, "models": 1.0}, "calm")
    {'score': 5.0, 'models': 1.0}
    """
    if not mix:
        raise ScenarioError(
            f"of what the mix of scenario {scenario!r} or of the mapping has, users can call none "
            "of the platform's"
        )
    wanted, unwanted = _given(options, "tags"), _given(options, "exclude_tags")
    left = [task for task in mix if (not wanted or task in wanted) and task not in unwanted]
    if not left:
        given = " and ".join(
            f"{option} {_listed(values)}"
            for option, values in (("--tags", wanted), ("--exclude-tags", unwanted))
            if values
        )
        raise ScenarioError(
            f"{given} leave nothing to do of scenario {scenario!r}: its tags are {_listed(mix)}"
        )
    return {task: mix[task] for task in left}


def warn_of_tags(options: Namespace, chosen: Collection[Task]) -> None:
    """Says which tags are none of these users', and what users do who have no decision."""
    given = {*_given(options, "tags"), *_given(options, "exclude_tags")}
    known = dict.fromkeys([*ENDPOINTS, *chosen])
    if unknown := sorted(given - known.keys()):
        _LOG.warning("no task has the tag %s: tags are %s", _listed(unknown), _listed(known))
    if "score" not in chosen and not _LOOK_UPS.isdisjoint(chosen):
        _LOG.warning(
            "without the tag score most users get no decision to come back to: "
            "they ask for one that is not there, which 404 answers"
        )


def warn_of_missing(missing: Mapping[str, Sequence[Task]]) -> None:
    """Says which tasks of the mix are left out, as users cannot call their endpoints."""
    for reason, tasks in missing.items():
        _LOG.warning("the mapping's API: %s for %s: left out", reason, _listed(tasks))


def _given(options: Namespace, name: str) -> list[str]:
    return list(getattr(options, name, None) or ())


def _listed(tags: Iterable[str]) -> str:
    return ", ".join(map(shortened, tags))
