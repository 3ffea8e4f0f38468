"""What measures can be told apart by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from simulator.scenario.model import Scenario
from simulator.scenario.platform.compliance import Rule
from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, VIOLATION_TYPES
from simulator.simulation.causes import STAGES
from simulator.simulation.minio import APIS, TTFB_EDGES
from simulator.simulation.objects import BUCKETS, SIZE_RANGES
from simulator.simulation.requests import (
    OUTCOMES,
    REASONS,
    STATUS_CLASSES,
    STATUSES,
    class_of_status,
)
from simulator.simulation.scorecard import (
    CELL_POINTS,
    DECISIONS,
    LOWEST_POINTS,
    N_CELLS,
)

__all__ = ["DIMENSIONS", "NONE", "Dimension"]

#: The value of what has none along a dimension, such as the version of who is turned away before.
NONE: Final = ""

_LOWEST_OF_CELLS: Final = tuple(LOWEST_POINTS + CELL_POINTS * cell for cell in range(N_CELLS))
_TTFB_LABELS: Final = (*(f"{edge:g}" for edge in TTFB_EDGES), "+Inf")


@dataclass(frozen=True)
class Dimension:
    """One of them; `values` are those of a scenario, in the order in which series are listed.

    With `of` it is what the values of another dimension have, such as the severity of a type of
    violation: `each` then says it of each value of that one. A property that `has_order` is listed
    in it, and another one as the values of that dimension are. `called` is what the platform calls
    each of the values; without it they are called what they are here. `fixed` are the values
    where they are the same in every scenario.
    """

    name: str
    help: str
    values: Callable[[Scenario], Sequence[str]]
    of: str | None = None
    each: Callable[[Scenario], Sequence[str]] | None = None
    has_order: bool = False
    called: Callable[[Scenario], Sequence[str]] | None = None
    fixed: tuple[str, ...] = ()


def _property(
    name: str,
    of: str,
    each: Callable[[Scenario], Sequence[str]],
    help_text: str,
    *,
    values: Sequence[str] = (),
) -> Dimension:
    """Its values are listed as they first appear, or as `values` has them."""

    def listed(scenario: Scenario) -> Sequence[str]:
        return values or tuple(dict.fromkeys(each(scenario)))

    has_order = bool(values)
    return Dimension(name, help_text, listed, of, each, has_order, fixed=tuple(values))


def _fixed(
    name: str,
    help_text: str,
    values: tuple[str, ...],
    *,
    called: Callable[[Scenario], Sequence[str]] | None = None,
) -> Dimension:
    return Dimension(name, help_text, lambda _: values, called=called, fixed=values)


def _algorithms(scenario: Scenario) -> list[str]:
    return [scenario.platform.model.algorithm, *(e.algorithm for e in scenario.releases)]


def _training_days(scenario: Scenario) -> list[str]:
    return [scenario.platform.model.trained_on, *(e.trained_on for e in scenario.releases)]


def _feature_names(scenario: Scenario) -> list[str]:
    names = scenario.platform.model.feature_names
    monitored = scenario.platform.model.monitored_features()
    return [*(str(getattr(names, feature)) for feature in monitored), "score"]


def _routes(scenario: Scenario) -> list[tuple[str, str]]:
    return list(scenario.platform.api.routes.by_endpoint().values())


def _groups(scenario: Scenario) -> list[str]:
    return [group.name for group in scenario.platform.kafka.groups()]


def _rules(scenario: Scenario) -> list[Rule]:
    return list(scenario.platform.compliance.rules().values())


def _levels(scenario: Scenario) -> list[str]:
    policy = scenario.platform.policy
    names = policy.level_names()
    return [names[policy.level_of(points)] for points in _LOWEST_OF_CELLS]


def _cell_names(scenario: Scenario) -> list[str]:
    scale = scenario.platform.policy.scale()
    return [f"{scale.score_of(points):.12g}" for points in _LOWEST_OF_CELLS]


def _partitions(scenario: Scenario) -> list[str]:
    kafka = scenario.platform.kafka
    most = max((topic.partitions for topic in kafka.further_topics), default=0)
    return [str(p) for p in range(max(kafka.partitions, most))]


def _brokers(scenario: Scenario) -> list[str]:
    return [str(broker) for broker in range(scenario.platform.kafka.brokers)]


def _drives(scenario: Scenario) -> list[str]:
    return [f"/data{n + 1}" for n in range(scenario.platform.minio.drives_per_node)]


def _instances(scenario: Scenario) -> list[str]:
    return list(scenario.platform.api.instance_names())


_APPLICATIONS: Final = (
    _fixed(
        "channel",
        "where an application came from",
        CHANNELS,
        called=lambda s: s.traffic.channel_names.in_order(),
    ),
    _fixed(
        "outcome",
        "what became of an application",
        OUTCOMES,
        called=lambda s: ("success", *s.platform.api.error_names.in_order()),
    ),
    _fixed(
        "reason",
        "why an application was not scored",
        REASONS,
        called=lambda s: s.platform.api.error_names.in_order(),
    ),
    Dimension(
        "cell",
        "a range of scores",
        lambda _: [str(points) for points in _LOWEST_OF_CELLS],
        called=_cell_names,
    ),
    Dimension(
        "level",
        "the risk level",
        lambda s: s.platform.policy.level_names(),
        of="cell",
        each=_levels,
        has_order=True,
    ),
    Dimension(
        "decision",
        "accepted, review or refused",
        lambda _: DECISIONS,
        of="cell",
        each=lambda s: [DECISIONS[s.platform.policy.decision_of(c)] for c in _LOWEST_OF_CELLS],
        has_order=True,
        called=lambda s: s.platform.policy.decision_names.in_order(),
        fixed=DECISIONS,
    ),
)
_MODEL: Final = (
    Dimension("version", "the version of the model", lambda s: s.versions),
    _property(
        "model",
        "version",
        lambda s: [s.platform.model.name] * len(s.versions),
        "the name of the model",
    ),
    _property("algorithm", "version", _algorithms, "what kind of model a version is"),
    _property("trained_on", "version", _training_days, "the day of a version's training data"),
    _fixed("actual", "what became of an applicant", ("good", "bad")),
    _fixed("predicted", "what was predicted of an applicant", ("good", "bad")),
    _fixed("stage", "production, canary or retired", STAGES),
    Dimension(
        "feature",
        "a feature, or the score itself",
        lambda s: (*s.platform.model.monitored_features(), "score"),
        called=_feature_names,
    ),
)
_HTTP: Final = (
    _fixed("endpoint", "what is asked for", ENDPOINTS),
    _property("method", "endpoint", lambda s: [m for m, _ in _routes(s)], "the HTTP method"),
    _property("route", "endpoint", lambda s: [path for _, path in _routes(s)], "the path"),
    Dimension("instance", "a replica of the API", _instances),
    _fixed("class", "the class of the HTTP status", STATUS_CLASSES),
    _fixed("status", "the exact HTTP status", tuple(map(str, STATUSES))),
    _property(
        "status_class",
        "status",
        lambda _: [STATUS_CLASSES[class_of_status(s)] for s in STATUSES],
        "the class of the exact HTTP status",
        values=STATUS_CLASSES,
    ),
)
_KAFKA: Final = (
    Dimension("topic", "the topic", lambda s: s.platform.kafka.topics()),
    Dimension("partition", "a partition of the topic", _partitions),
    Dimension(
        "group",
        "a consumer group",
        _groups,
        called=lambda s: tuple(s.platform.kafka.group_labels().values()),
    ),
    Dimension("broker", "a broker, by its id", _brokers),
    _property(
        "address",
        "broker",
        lambda s: s.platform.kafka.broker_addresses(),
        "the address of a broker",
    ),
)
_MINIO: Final = (
    Dimension(
        "server", "the server of MinIO that is asked", lambda s: s.platform.minio.server_names()[:1]
    ),
    Dimension("node", "each of MinIO's servers", lambda s: s.platform.minio.server_names()),
    Dimension("drive", "a drive of a server", _drives),
    _fixed("bucket", "a bucket", BUCKETS),
    _fixed("range", "a range of sizes of objects", tuple(SIZE_RANGES)),
    _property(
        "server_pool",
        "server",
        lambda s: s.platform.minio.pools[:1],
        "the pool of the server that is asked",
    ),
    _property(
        "node_pool",
        "node",
        lambda s: s.platform.minio.pools_of_servers(),
        "the pool of a server",
    ),
    Dimension("pool", "a pool of servers", lambda s: s.platform.minio.pools),
    Dimension("set", "an erasure set of its pool", lambda _: ["0"]),
    _fixed("api", "the S3 operation", APIS),
    Dimension("le", "upper bound of the time to first byte, in seconds", lambda _: _TTFB_LABELS),
)
_COMPLIANCE: Final = (
    _fixed(
        "violation",
        "the type of a violation",
        VIOLATION_TYPES,
        called=lambda s: [rule.name for rule in _rules(s)],
    ),
    _property(
        "regulation",
        "violation",
        lambda s: [rule.regulation for rule in _rules(s)],
        "the rule that is broken",
    ),
    _property(
        "severity",
        "violation",
        lambda s: [rule.severity for rule in _rules(s)],
        "how bad it is",
    ),
)
DIMENSIONS: Final[Mapping[str, Dimension]] = MappingProxyType(
    {d.name: d for d in (*_APPLICATIONS, *_MODEL, *_HTTP, *_KAFKA, *_MINIO, *_COMPLIANCE)}
)
