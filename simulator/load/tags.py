"""Which endpoints a test sends requests to: `--tags` and `--exclude-tags` name them."""

import logging
from argparse import Namespace
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from simulator.errors import ScenarioError
from simulator.quoting import shortened
from simulator.scenario.model import Scenario
from simulator.scenario.vocabulary import ENDPOINTS, Endpoint

__all__ = ["chosen_endpoints", "warn_of_missing", "warn_of_tags"]

_LOG = logging.getLogger("scoring")
_LOOK_UPS: Final[frozenset[Endpoint]] = frozenset({"decision", "explanation", "review", "erasure"})


def chosen_endpoints(
    options: Namespace, scenario: Scenario, known: Collection[Endpoint] = ENDPOINTS
) -> frozenset[Endpoint]:
    """The endpoints that Locust's options leave of those in the scenario's mix.

    `known` are those that the platform has, as far as users can call them.

    Raises:
        ScenarioError: they leave none.

    >>> calm = Scenario(name="calm", description="x", duration="1h")
    >>> sorted(chosen_endpoints(Namespace(tags=["score", "models"], exclude_tags=None), calm))
    ['models', 'score']
    """
    wanted, unwanted = _given(options, "tags"), _given(options, "exclude_tags")
    mixed = {endpoint for endpoint in known if _is_mixed(scenario, endpoint)}
    if not mixed:
        raise ScenarioError(
            f"of the endpoints that scenario {scenario.name!r} has in its mix, users can call none "
            "of the platform's"
        )
    left = frozenset(e for e in mixed if (not wanted or e in wanted) and e not in unwanted)
    if not left:
        given = " and ".join(
            f"{option} {_listed(values)}"
            for option, values in (("--tags", wanted), ("--exclude-tags", unwanted))
            if values
        )
        raise ScenarioError(
            f"{given} leave nothing to do of scenario {scenario.name!r}: "
            f"its tags are {_listed(e for e in ENDPOINTS if e in mixed)}"
        )
    return left


def warn_of_tags(options: Namespace, chosen: frozenset[Endpoint]) -> None:
    """Says which tags are none of these users', and what users do who have no decision."""
    given = {*_given(options, "tags"), *_given(options, "exclude_tags")}
    if unknown := sorted(given - set(ENDPOINTS)):
        _LOG.warning("no task has the tag %s: tags are %s", _listed(unknown), _listed(ENDPOINTS))
    if "score" not in chosen and chosen & _LOOK_UPS:
        _LOG.warning(
            "without the tag score most users get no decision to come back to: "
            "they ask for one that is not there, which 404 answers"
        )


def warn_of_missing(missing: Mapping[Endpoint, str], scenario: Scenario) -> None:
    """Says which tasks of the scenario's mix are left out, as users cannot call their endpoints."""
    for reason in dict.fromkeys(missing.values()):
        left_out = [e for e in ENDPOINTS if missing.get(e) == reason and _is_mixed(scenario, e)]
        if left_out:
            _LOG.warning("the mapping's API: %s for %s: left out", reason, _listed(left_out))


def _is_mixed(scenario: Scenario, endpoint: Endpoint) -> bool:
    return scenario.traffic.endpoints.get(endpoint, 0.0) > 0.0


def _given(options: Namespace, name: str) -> list[str]:
    return list(getattr(options, name, None) or ())


def _listed(tags: Iterable[str]) -> str:
    return ", ".join(map(shortened, tags))
