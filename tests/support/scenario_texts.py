"""Small scenarios in YAML: a header, and one episode of each kind with every field it has."""

from typing import Any, Final

import yaml

from simulator.scenario.model import Scenario

HEADER: Final = "name: small\ndescription: A test.\nduration: 1h\n"

#: One episode of each kind, with all of its own fields.
EPISODES: Final[dict[str, str]] = {
    "population-shift": "shifts: {age: 1.5}, strength: 2",
    "data-bug": "feature: net_income, factor: 100, null_ratio: 0",
    "concept-drift": "scale: 0.2, coefficients: {age: 0.5}",
    "traffic-surge": "factor: 3",
    "slow-dependency": "dependency: bureau, factor: 4",
    "errors": "status: 503, ratio: 0.1",
    "overload": "workers_lost_ratio: 0.5",
    "consumer-slowdown": "group: archiver, capacity_ratio: 0.1",
    "rebalance": "group: archiver, every: 2m, pause: 20s",
    "broker-loss": "brokers: 2",
    "hot-partition": "partition: 3, share: 0.6",
    "drive-loss": "drives: 3",
    "node-loss": "nodes: 1",
    "capacity-filling": "used_ratio: 0.95",
    "compliance-incident": "violation: screening_missed, factor: 50",
    "model-release": (
        "version: 4.0.0, canary_share: 0.2, canary_for: 4m, outcome: rollback, "
        "coefficients: {amount: 2}, algorithm: gradient-boosting, trained_on: '2026-09-30'"
    ),
}


def episode(kind: str, *, name: str = "it", start: str = "5m", duration: str = "10m") -> str:
    """An episode of that kind, as a flow mapping."""
    return f"{{name: {name}, kind: {kind}, start: {start}, duration: {duration}, {EPISODES[kind]}}}"


def with_episodes(*episodes: str) -> str:
    """A scenario with these episodes."""
    return f"{HEADER}episodes: [{', '.join(episodes)}]\n"


#: A scenario that gives every key there is.
FULL: Final = (
    HEADER
    + """\
seed: 7
traffic:
  requests_per_second: 5
  profile: flat
  noise_ratio: 0.1
  noise_time: 5m
  channels: {web: 1, mobile: 2}
  endpoints: {score: 3, batch: 1}
  batch_sizes: [2, 4]
  invalid_ratio: 0.01
platform:
  api: {workers: 8, timeout_seconds: 1}
  model: {version: 1.0.0, algorithm: logit, trained_on: '2026-01-31'}
  monitoring: {drift_window: 500, performance_window: 900, label_delay: 10m}
  kafka:
    brokers: 3
    partitions: 4
    replication: 3
    min_isr: 2
    consumer_groups: [{name: archiver, members: 2, messages_per_second: 90}]
    commit_interval_seconds: 5
    retention_messages: 1000
    replica_lag_time: 20s
    catch_up: 2m
  minio: {nodes: 2, drives_per_node: 4, parity: 3, drive_bytes: 1000, used_ratio: 0.3, healing: 9m}
episodes:
"""
    + "".join(
        f"- {episode(kind, name=kind)[:-1]}, onset: {onset}}}\n"
        for kind, onset in zip(
            EPISODES,
            [
                "{shape: gradual, rise: 3m, fall: 2m}",
                "{shape: recurring, period: 4m, duty: 0.25}",
                *["{shape: abrupt}"] * (len(EPISODES) - 2),
            ],
            strict=True,
        )
    )
)


def plain(text: str) -> Any:  # noqa: ANN401 - whatever the YAML holds
    """What PyYAML makes of a scenario."""
    return yaml.safe_load(text)


def unruled(text: str) -> Scenario:
    """A scenario of valid types, before any rule has seen it."""
    return Scenario.model_validate(plain(text))
