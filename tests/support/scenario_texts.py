"""Small scenarios in YAML: a header, and one episode of each kind with every field it has."""

from typing import Any, Final, get_args

import yaml

from simulator.scenario.baseline import Baseline
from simulator.scenario.episode import EpisodeBase
from simulator.scenario.kinds import KINDS
from simulator.scenario.model import Scenario

HEADER: Final = "name: small\ndescription: A test.\nduration: 1h\n"


def kind_name(kind: type[EpisodeBase]) -> str:
    """What files call a kind."""
    (name,) = get_args(kind.model_fields["kind"].annotation)
    return str(name)


def _fields(kind: type[EpisodeBase]) -> dict[str, Any]:
    """What a file says of a kind's own fields, where it says all of them."""
    lever = next(iter(kind.levers(Baseline(name="any", description="Any.", duration="1h"))))
    of_every_kind = {*EpisodeBase.model_fields, "kind"}
    defaults = {
        name: field.get_default()
        for name, field in kind.model_fields.items()
        if name not in of_every_kind and not field.is_required()
    }
    return defaults | dict(lever.parameters(lever.strengths[0]))


#: One episode of each kind, its weakest, with all of the fields of that kind.
EPISODES: Final[dict[str, str]] = {
    kind_name(kind): yaml.safe_dump(_fields(kind), default_flow_style=True, width=10_000).strip()[
        1:-1
    ]
    for kind in KINDS
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
  country: DE
  time_zone: Europe/Berlin
  noise_ratio: 0.1
  noise_time: 5m
  channels: {web: 1, mobile: 2}
  channel_names: {web: site, mobile: app, partner: brokers, branch: agencies}
  endpoints: {score: 3, batch: 1}
  batch_sizes: [2, 4]
  invalid_ratio: 0.01
platform:
  api:
    workers: 8
    timeout_seconds: 1
    replicas: 2
    health_check: 10s
    instances: [one, two]
    routes:
      score: POST /score
      batch: POST /score/batch
      decision: GET /decisions/{key}
      explanation: POST /decisions/{key}/why
      review: PATCH /decisions/{key}
      erasure: DELETE /people/{key}
      models: GET /models
    service_times:
      prediction: {median_seconds: 0.02, sigma: 0.4}
      gateway: {median_seconds: 0.04, sigma: 0.5}
      bureau:
        {median_seconds: 0.2, sigma: 0.3, share: 0.2, timeout_seconds: 1, failure_ratio: 0.01}
      stall: {median_seconds: 0.4, sigma: 0.3, share: 0.01}
      look_up: {median_seconds: 0.01, sigma: 0.4}
      refusal: {median_seconds: 0.005, sigma: 0.3}
    healthy_faults:
      {unauthorized: 0.01, rate_limited: 0.02, internal: 0.03, unavailable: 0.04, timeout: 0.05}
    error_names:
      validation: invalid
      unauthorized: no token
      rate_limited: too many
      internal: failed
      unavailable: away
      timeout: late
  model:
    name: small-loans
    version: 1.0.0
    algorithm: logit
    trained_on: '2026-01-31'
    feature_names: {net_income: income, age: age in years}
    hidden_features: [home_owner, ficp_flag]
  monitoring: {drift_window: 500, performance_window: 900, label_delay: 10m}
  kafka:
    brokers: 3
    addresses: ['k1:9092', 'k2:9092', 'k3:9092']
    topic: decisions
    partitions: 4
    replication: 3
    min_isr: 2
    consumer_groups:
    - {name: archiver, label: Sink, archives: true, members: 2, messages_per_second: 90}
    further_topics:
    - name: requests
      fed_by: applications
      messages_each: 1.5
      partitions: 2
      replication: 2
      retention_messages: 500
      consumer_groups: [{name: scorer, members: 1, messages_per_second: 70}]
    commit_interval_seconds: 5
    retention_messages: 1000
    replica_lag_time: 20s
    catch_up: 2m
  minio:
    nodes: 2
    servers: ['a:9000', 'b:9000']
    pools: [first]
    drives_per_node: 4
    parity: 3
    drive_bytes: 1000
    used_ratio: 0.3
    healing: 9m
  policy:
    score_range: [250, 900]
    accepted_from: 700
    reviewed_from: 600
    decision_names: {accepted: yes please, review: ask, refused: sorry}
    risk_levels: [{name: fine, lowest: 640}, {name: bad, lowest: 250}]
  compliance:
    violations:
      audit_log_gap: {name: gap, regulation: AI Act, severity: P3, per_10k: 0.5}
episodes:
"""
    + "".join(
        f"- {episode(kind, name=kind)[:-1]}, onset: {onset}}}\n"
        for kind, onset in {
            **dict.fromkeys(EPISODES, "{shape: abrupt}"),
            "population-shift": "{shape: gradual, rise: 3m, fall: 2m}",
            "data-bug": "{shape: recurring, period: 4m, duty: 0.25}",
        }.items()
    )
)


def plain(text: str) -> Any:  # noqa: ANN401 - whatever the YAML holds
    """What PyYAML makes of a scenario."""
    return yaml.safe_load(text)


def unruled(text: str) -> Scenario:
    """A scenario of valid types, before any rule has seen it."""
    return Scenario.model_validate(plain(text))
