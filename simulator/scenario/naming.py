"""What a platform calls its parts: names that tell them apart, and addresses that lead to one."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import Problem
from simulator.scenario.vocabulary import FEATURES

__all__ = ["features_are_left", "names_are_told_apart", "names_are_whole", "routes_lead_to_one"]

#: What the score is called beside the features.
_SCORE: Final = "score"
#: First parts of paths that the simulator itself answers, whatever it is asked with.
_TAKEN: Final = ("docs", "health", "metrics", "openapi.json", "simulation")


def names_are_told_apart(base: Baseline) -> Iterator[Problem]:
    """Two things of a kind do not have the same name, or their series would be one."""
    platform = base.platform
    named = {
        "traffic.channel_names": base.traffic.channel_names.in_order(),
        "platform.api.error_names": platform.api.error_names.in_order(),
        "platform.api.instances": platform.api.instances,
        "platform.model.feature_names": (*platform.model.feature_names.in_order(), _SCORE),
        "platform.kafka.consumer_groups": platform.kafka.group_labels().values(),
        "platform.kafka.addresses": platform.kafka.addresses,
        "platform.minio.servers": platform.minio.servers,
        "platform.minio.pools": platform.minio.pools,
        "platform.policy.decision_names": platform.policy.decision_names.in_order(),
        "platform.policy.risk_levels": platform.policy.level_names(),
        "platform.compliance.violations": [r.name for r in platform.compliance.rules().values()],
    }
    for path, names in named.items():
        for name in _repeated(names):
            also = ", as the score is" if name == _SCORE and "feature" in path else ""
            yield path, f"more than one is called {name!r}{also}"


def names_are_whole(base: Baseline) -> Iterator[Problem]:
    """Where names are listed, there is one for each."""
    api, kafka, minio = base.platform.api, base.platform.kafka, base.platform.minio
    for path, names, n_named in (
        ("platform.api.instances", api.instances, api.replicas),
        ("platform.kafka.addresses", kafka.addresses, kafka.brokers),
        ("platform.minio.servers", minio.servers, minio.nodes),
    ):
        if names and len(names) != n_named:
            yield path, f"{len(names)} names for {n_named}; give one for each, or none"


def features_are_left(base: Baseline) -> Iterator[Problem]:
    """Something of what the model reads is monitored."""
    hidden = base.platform.model.hidden_features
    if set(hidden) >= set(FEATURES):
        yield "platform.model.hidden_features", "none of the features is left; at least one is"
    for name in _repeated(hidden):
        yield "platform.model.hidden_features", f"{name!r} is listed twice"


def routes_lead_to_one(base: Baseline) -> Iterator[Problem]:
    """A request can be meant for one endpoint only, and for none that the simulator answers."""
    routes = base.platform.api.routes.by_endpoint()
    for (one, first), (other, second) in combinations(routes.items(), 2):
        if first[0] == second[0] and _overlap(_parts(first[1]), _parts(second[1])):
            yield (
                f"platform.api.routes.{other}",
                f"{' '.join(second)!r} may be meant for {one}, too, which is {' '.join(first)!r}",
            )
    for endpoint, (_, path) in routes.items():
        first_part = _parts(path)[0]
        if first_part in _TAKEN:
            yield (
                f"platform.api.routes.{endpoint}",
                f"/{first_part} is the simulator's own; begin with another part",
            )


def _parts(path: str) -> list[str]:
    return path[1:].split("/")


def _overlap(one: list[str], other: list[str]) -> bool:
    """Whether some path is an instance of both templates."""
    return len(one) == len(other) and all(
        a == b or a.startswith("{") or b.startswith("{") for a, b in zip(one, other, strict=True)
    )


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
