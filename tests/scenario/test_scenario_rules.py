"""The rules: each on both sides of its boundary."""

from __future__ import annotations

from typing import Final, NamedTuple

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.loading import parse_scenario
from simulator.scenario.rules import RULES, problems
from simulator.scenario.vocabulary import FEATURES
from tests.support.scenario_texts import FULL, HEADER, unruled, with_episodes


class Case(NamedTuple):
    """A boundary of a rule: a scenario beyond it, one just within it, and what is said."""

    rule: str
    broken: str
    within: str
    path: str
    said: str


def surge(span: str, *, name: str = "it") -> str:
    return f"{{name: {name}, kind: traffic-surge, factor: 2, {span}}}"


def surges(*spans: str) -> str:
    return with_episodes(*(surge(span, name=f"it-{i}") for i, span in enumerate(spans)))


def hour_with(span: str) -> str:
    return surges(f"start: 0s, duration: 1h, onset: {{{span}}}")


def platform(text: str) -> str:
    return f"{HEADER}platform: {{{text}}}\n"


def with_topic(groups: str) -> str:
    return f"kafka: {{further_topics: [{{name: x, consumer_groups: [{groups}]}}]}}"


def traffic(text: str) -> str:
    return f"{HEADER}traffic: {{{text}}}\n"


def one(kind: str, fields: str) -> str:
    return with_episodes(f"{{name: it, kind: {kind}, start: 0s, duration: 1h, {fields}}}")


def release(version: str, span: str, canary_for: str = "1m") -> str:
    name = f"r-{version.replace('.', '-')}"
    fields = f"version: '{version}', {span}, canary_for: {canary_for}"
    return f"{{name: {name}, kind: model-release, {fields}}}"


def with_two_releases(second: str) -> str:
    """Of which the first lasts from 1.1 to 3.3 hours, which no float can say."""
    first = release("4.0", "start: 1.1h, duration: 2.2h")
    return in_a_day(with_episodes(first, release("4.1", f"start: {second}, duration: 1h")))


def nulls(n: int, span: str) -> str:
    each = (
        f"{{name: n-{i}, kind: data-bug, feature: {f}, null_ratio: 0.1, {span}}}"
        for i, f in enumerate(FEATURES[:n])
    )
    return with_episodes(*each)


def in_a_day(text: str) -> str:
    return text.replace("duration: 1h\n", "duration: 1d\n", 1)


def gradual(n: int, rise: str) -> str:
    """Episodes that are all on, and of which all rise but the first, which does so for `rise`."""
    spans = [f"onset: {{shape: gradual, rise: {r}}}" for r in (rise, *["1h"] * (n - 1))]
    starts = ["start: 0s, duration: 1h", *["start: 10m, duration: 1h"] * (n - 1)]
    episodes = (
        f"{{name: g-{i}, kind: concept-drift, scale: 0.5, {start}, {span}}}"
        for i, (start, span) in enumerate(zip(starts, spans, strict=True))
    )
    return in_a_day(with_episodes(*episodes))


def surging(*spans: str) -> str:
    episodes = (
        f"{{name: s-{i}, kind: traffic-surge, factor: 1000, {span}}}"
        for i, span in enumerate(spans)
    )
    return in_a_day(with_episodes(*episodes))


def returning(*starts: str) -> tuple[str, ...]:
    """Spans that are on for a quarter of each hour."""
    onset = "onset: {shape: recurring, period: 1h, duty: 0.25}"
    return tuple(f"start: {start}, duration: 12h, {onset}" for start in starts)


ALL_DAY: Final = "start: 0s, duration: 1d"


def blind(n: int) -> str:
    zeros = ", ".join(f"{f}: 0" for f in FEATURES[:n])
    fields = f"version: '4.0', start: 0s, duration: 1h, canary_for: 1m, coefficients: {{{zeros}}}"
    return with_episodes(f"{{name: r, kind: model-release, {fields}}}")


NO_SCORE = "score: 0, batch: 0, decision: 0, explanation: 0, review: 0, erasure: 0"


def drawn_brokers(most: int) -> str:
    """A plan in which up to so many brokers of five are lost at random."""
    lasting = "{median: 10m, least: 5m, most: 30m}"
    lost = f"{{brokers: {{whole: [1, {most}]}}}}"
    entry = f"name: b, kind: broker-loss, a_week: 1, duration: {lasting}, parameters: {lost}"
    return f"name: plan\ndescription: x\nduration: 1h\ndrawn: [{{{entry}}}]\n"


CASES: Final[tuple[Case, ...]] = (
    Case(
        "episodes_end_in_time",
        surges("start: 30m, duration: 30m1ms"),
        surges("start: 30m, duration: 30m"),
        "episodes.0",
        "'it-0' ends at 1h1ms, after the scenario's duration of 1h",
    ),
    Case(
        "episodes_end_in_time",
        surges("start: 1h, duration: 1ms"),
        surges("start: 59m59s999ms, duration: 1ms"),
        "episodes.0",
        "'it-0' ends at 1h1ms, after the scenario's duration of 1h",
    ),
    Case(
        "episodes_end_in_time",
        surges("start: 1m, duration: 0s"),
        surges("start: 1m, duration: 1ms"),
        "episodes.0.duration",
        "'it-0' lasts 0s",
    ),
    Case(
        "names_are_unique",
        with_episodes(*[surge("start: 0s, duration: 1m")] * 3),
        with_episodes(*[surge("start: 0s, duration: 1m", name=n) for n in ("a", "b", "c")]),
        "episodes",
        "3 episodes are named 'it'",
    ),
    Case(
        "onsets_fit",
        hour_with("shape: recurring, period: 1h1ms"),
        hour_with("shape: recurring, period: 1h"),
        "episodes.0.onset",
        "a recurring onset needs a period within the duration of 1h, not 1h1ms",
    ),
    Case(
        "onsets_fit",
        hour_with("shape: recurring"),
        hour_with("shape: recurring, period: 1ms"),
        "episodes.0.onset",
        "a recurring onset needs a period within the duration of 1h, not 0s",
    ),
    Case(
        "onsets_fit",
        hour_with("shape: recurring, period: 5m, rise: 1ms"),
        hour_with("shape: recurring, period: 5m, rise: 0s"),
        "episodes.0.onset",
        "an onset of shape 'recurring' has no rise or fall",
    ),
    Case(
        "onsets_fit",
        hour_with("shape: abrupt, fall: 1ms"),
        hour_with("shape: abrupt, fall: 0s"),
        "episodes.0.onset",
        "an onset of shape 'abrupt' has no rise or fall",
    ),
    Case(
        "onsets_fit",
        hour_with("shape: gradual"),
        hour_with("shape: gradual, rise: 1ms"),
        "episodes.0.onset",
        "an onset of shape 'gradual' needs a rise, such as 10m",
    ),
    Case(
        "onsets_fit",
        hour_with("shape: incremental, fall: 1m"),
        hour_with("shape: incremental, rise: 1ms, fall: 1m"),
        "episodes.0.onset",
        "an onset of shape 'incremental' needs a rise, such as 10m",
    ),
    Case(
        "onsets_fit",
        hour_with("shape: gradual, rise: 40m, fall: 20m1ms"),
        hour_with("shape: gradual, rise: 40m, fall: 20m"),
        "episodes.0.onset",
        "rise and fall take 1h1ms, longer than the episode's 1h",
    ),
    Case(
        "shares_can_be_shared",
        traffic("channels: {web: 0, mobile: 0}"),
        traffic("channels: {web: 0, mobile: 0.001}"),
        "traffic.channels",
        "all weights are 0",
    ),
    Case(
        "shares_can_be_shared",
        traffic("channels: {}"),
        traffic("channels: {branch: 1}"),
        "traffic.channels",
        "all weights are 0",
    ),
    Case(
        "shares_can_be_shared",
        traffic(f"endpoints: {{{NO_SCORE}, models: 0}}"),
        traffic(f"endpoints: {{{NO_SCORE}, models: 0.001}}"),
        "traffic.endpoints",
        "all weights are 0",
    ),
    Case(
        "shares_can_be_shared",
        traffic("batch_sizes: []"),
        traffic("batch_sizes: [1]"),
        "traffic.batch_sizes",
        "is empty; give at least one size",
    ),
    Case(
        "kafka_holds_together",
        platform("kafka: {brokers: 3, replication: 4}"),
        platform("kafka: {brokers: 3, replication: 3}"),
        "platform.kafka.replication",
        "4 replicas do not fit on 3 brokers",
    ),
    Case(
        "kafka_holds_together",
        platform("kafka: {replication: 2, min_isr: 3}"),
        platform("kafka: {replication: 2, min_isr: 2}"),
        "platform.kafka.min_isr",
        "3 in-sync replicas of only 2",
    ),
    Case(
        "groups_are_told_apart",
        platform("kafka: {consumer_groups: [{name: archiver}, {name: archiver}]}"),
        platform("kafka: {consumer_groups: [{name: archiver}, {name: archiver-2}]}"),
        "platform.kafka.consumer_groups",
        "names are not unique: archiver, archiver",
    ),
    Case(
        "groups_are_told_apart",
        platform("kafka: {consumer_groups: [{name: a, archives: yes}, {name: b, archives: yes}]}"),
        platform("kafka: {consumer_groups: [{name: a, archives: yes}, {name: b, archives: no}]}"),
        "platform.kafka.consumer_groups",
        "a, b all archive; at most one group does",
    ),
    Case(
        "further_topics_fit",
        platform("kafka: {further_topics: [{name: scoring-decisions}]}"),
        platform("kafka: {further_topics: [{name: scoring-decision}]}"),
        "platform.kafka.further_topics",
        "2 topics are called 'scoring-decisions'",
    ),
    Case(
        "further_topics_fit",
        platform("kafka: {further_topics: [{name: x, replication: 6}]}"),
        platform("kafka: {further_topics: [{name: x, replication: 5}]}"),
        "platform.kafka.further_topics.0.replication",
        "6 replicas do not fit on 5 brokers",
    ),
    Case(
        "further_topics_fit",
        platform(with_topic("{name: archiver, members: 2}")),
        platform(with_topic("{name: archiver, members: 3}")),
        "platform.kafka.further_topics.0.consumer_groups.0",
        "'archiver' has 2 members and label None here, and 3 and None where it is named first",
    ),
    Case(
        "further_topics_fit",
        platform(with_topic("{name: sink, archives: true}")),
        platform(with_topic("{name: sink, archives: false}")),
        "platform.kafka.further_topics.0.consumer_groups.0.archives",
        "'sink' reads 'x'; only the scoring topic is archived",
    ),
    Case(
        "further_topics_fit",
        platform(with_topic("{name: a}, {name: a}")),
        platform(with_topic("{name: a}, {name: b}")),
        "platform.kafka.further_topics.0.consumer_groups",
        "names are not unique: a, a",
    ),
    Case(
        "minio_has_a_layout",
        platform("minio: {nodes: 8, pools: [a, b, c]}"),
        platform("minio: {nodes: 9, pools: [a, b, c]}"),
        "platform.minio.pools",
        "3 pools of 8 nodes; each has as many of them",
    ),
    Case(
        "minio_has_a_layout",
        platform("minio: {nodes: 1, drives_per_node: 7, parity: 4}"),
        platform("minio: {nodes: 1, drives_per_node: 8, parity: 4}"),
        "platform.minio.parity",
        "4 parity drives of only 7",
    ),
    Case(
        "names_are_told_apart",
        traffic("channel_names: {web: mobile}"),
        traffic("channel_names: {web: mobile, mobile: phone}"),
        "traffic.channel_names",
        "more than one is called 'mobile'",
    ),
    Case(
        "names_are_told_apart",
        platform("api: {error_names: {internal: failed, unavailable: failed}}"),
        platform("api: {error_names: {internal: failed, unavailable: Failed}}"),
        "platform.api.error_names",
        "more than one is called 'failed'",
    ),
    Case(
        "names_are_told_apart",
        platform("api: {replicas: 2, instances: [a, a]}"),
        platform("api: {replicas: 2, instances: [a, b]}"),
        "platform.api.instances",
        "more than one is called 'a'",
    ),
    Case(
        "names_are_told_apart",
        platform("model: {feature_names: {age: score}}"),
        platform("model: {feature_names: {age: Score}}"),
        "platform.model.feature_names",
        "more than one is called 'score', as the score is",
    ),
    Case(
        "names_are_told_apart",
        platform("kafka: {consumer_groups: [{name: archiver, label: x}, {name: x}]}"),
        platform("kafka: {consumer_groups: [{name: archiver, label: x}, {name: x, label: y}]}"),
        "platform.kafka.consumer_groups",
        "more than one is called 'x'",
    ),
    Case(
        "names_are_whole",
        platform("api: {replicas: 3, instances: [a, b]}"),
        platform("api: {replicas: 3, instances: []}"),
        "platform.api.instances",
        "2 names for 3; give one for each, or none",
    ),
    Case(
        "names_are_told_apart",
        platform("kafka: {brokers: 3, addresses: ['a:9092', 'b:9092', 'a:9092']}"),
        platform("kafka: {brokers: 3, addresses: ['a:9092', 'b:9092', 'a:9093']}"),
        "platform.kafka.addresses",
        "more than one is called 'a:9092'",
    ),
    Case(
        "names_are_whole",
        platform("kafka: {brokers: 4, addresses: ['a:9092', 'b:9092', 'c:9092']}"),
        platform("kafka: {brokers: 3, addresses: ['a:9092', 'b:9092', 'c:9092']}"),
        "platform.kafka.addresses",
        "3 names for 4; give one for each, or none",
    ),
    Case(
        "names_are_whole",
        platform("minio: {nodes: 3, servers: ['minio:9000', 'minio-2:9000']}"),
        platform("minio: {nodes: 2, servers: ['minio:9000', 'minio-2:9000']}"),
        "platform.minio.servers",
        "2 names for 3; give one for each, or none",
    ),
    Case(
        "features_are_left",
        platform(f"model: {{hidden_features: [{', '.join(FEATURES)}]}}"),
        platform(f"model: {{hidden_features: [{', '.join(FEATURES[1:])}]}}"),
        "platform.model.hidden_features",
        "none of the features is left; at least one is",
    ),
    Case(
        "features_are_left",
        platform("model: {hidden_features: [age, age]}"),
        platform("model: {hidden_features: [age]}"),
        "platform.model.hidden_features",
        "'age' is listed twice",
    ),
    Case(
        "routes_lead_to_one",
        platform("api: {routes: {models: GET /v1/decisions/all}}"),
        platform("api: {routes: {models: POST /v1/decisions/all}}"),
        "platform.api.routes.models",
        "'GET /v1/decisions/all' may be meant for decision, too, which is 'GET /v1/decisions/{id}'",
    ),
    Case(
        "routes_lead_to_one",
        platform("api: {routes: {score: POST /metrics/score}}"),
        platform("api: {routes: {score: POST /metric/score}}"),
        "platform.api.routes.score",
        "/metrics is the simulator's own; begin with another part",
    ),
    Case(
        "names_are_told_apart",
        platform("compliance: {violations: {screening_missed: {name: audit_log_gap}}}"),
        platform("compliance: {violations: {screening_missed: {name: audit log gap}}}"),
        "platform.compliance.violations",
        "more than one is called 'audit_log_gap'",
    ),
    Case(
        "cut_offs_fit",
        platform("policy: {accepted_from: 843}"),
        platform("policy: {accepted_from: 840}"),
        "platform.policy.accepted_from",
        "843 is only 7 from 850, and scores are counted in cells of 10: "
        "the same, or at least that far apart",
    ),
    Case(
        "cut_offs_fit",
        platform("policy: {score_range: [0, 1], accepted_from: 0.6, reviewed_from: 620}"),
        platform("policy: {score_range: [0, 1], accepted_from: 0.6, reviewed_from: 0.58}"),
        "platform.policy.reviewed_from",
        "620 is not between 0 and 1, the score_range",
    ),
    Case(
        "cut_offs_fit",
        platform("policy: {score_range: [100, 0], accepted_from: 30, reviewed_from: 20}"),
        platform("policy: {score_range: [100, 0], accepted_from: 30, reviewed_from: 40}"),
        "platform.policy.reviewed_from",
        "20 is better than 30, from where all are accepted; 30 at best",
    ),
    Case(
        "cut_offs_fit",
        platform("policy: {reviewed_from: 650}"),
        platform("policy: {reviewed_from: 640}"),
        "platform.policy.reviewed_from",
        "650 is better than 640, from where all are accepted; 640 at best",
    ),
    Case(
        "cut_offs_fit",
        platform("policy: {risk_levels: [{name: a, lowest: 600}, {name: b, lowest: 310}]}"),
        platform("policy: {risk_levels: [{name: a, lowest: 600}, {name: b, lowest: 300}]}"),
        "platform.policy.risk_levels.1.lowest",
        "'b' begins at 310, and worse scores have no level; the last one begins at 300",
    ),
    Case(
        "cut_offs_fit",
        platform("policy: {risk_levels: [{name: a, lowest: 300}, {name: b, lowest: 300}]}"),
        platform("policy: {risk_levels: [{name: a, lowest: 310}, {name: b, lowest: 300}]}"),
        "platform.policy.risk_levels.1.lowest",
        "'b' begins at 300, which is not worse than where 'a' begins, at 300; "
        "list the best level first",
    ),
    Case(
        "rates_have_parents",
        platform("compliance: {violations: {suspicion_report_late: {per_10k: 100.1}}}"),
        platform("compliance: {violations: {suspicion_report_late: {per_10k: 100}}}"),
        "platform.compliance.violations.suspicion_report_late.per_10k",
        "100.1 of 10 000 scorings, of which only 100 could be one; at most 100",
    ),
    Case(
        "episodes_are_possible",
        one("broker-loss", "brokers: 6"),
        one("broker-loss", "brokers: 5"),
        "episodes.0.brokers",
        "6 lost of only 5",
    ),
    Case(
        "episodes_are_possible",
        one("drive-loss", "drives: 17"),
        one("drive-loss", "drives: 16"),
        "episodes.0.drives",
        "17 lost of only 16",
    ),
    Case(
        "episodes_are_possible",
        one("node-loss", "nodes: 5"),
        one("node-loss", "nodes: 4"),
        "episodes.0.nodes",
        "5 lost of only 4",
    ),
    Case(
        "episodes_are_possible",
        one("consumer-slowdown", "group: archivist"),
        one("consumer-slowdown", "group: risk-monitoring"),
        "episodes.0.group",
        "'archivist' is none of archiver, risk-monitoring; did you mean 'archiver'?",
    ),
    Case(
        "episodes_are_possible",
        one("rebalance", "group: archivist, every: 1m, pause: 1s"),
        one("rebalance", "group: archiver, every: 1m, pause: 1s"),
        "episodes.0.group",
        "'archivist' is none of archiver, risk-monitoring; did you mean 'archiver'?",
    ),
    Case(
        "episodes_are_possible",
        one("consumer-crash", "group: archivist"),
        one("consumer-crash", "group: archiver"),
        "episodes.0.group",
        "'archivist' is none of archiver, risk-monitoring; did you mean 'archiver'?",
    ),
    Case(
        "episodes_are_possible",
        one("consumer-crash", "group: archiver, member: 3"),
        one("consumer-crash", "group: archiver, member: 2"),
        "episodes.0.member",
        "3 of members 0 to 2",
    ),
    Case(
        "episodes_are_possible",
        one("consumer-crash", "group: archiver, onset: {shape: gradual, rise: 1m}"),
        one("consumer-crash", "group: archiver, onset: {shape: recurring, period: 5m}"),
        "episodes.0.onset",
        "'it' is a crash, which is abrupt or recurring",
    ),
    Case(
        "episodes_are_possible",
        one("hot-partition", "partition: 12, share: 0.5"),
        one("hot-partition", "partition: 11, share: 0.5"),
        "episodes.0.partition",
        "12 of partitions 0 to 11",
    ),
    Case(
        "episodes_are_possible",
        one("population-shift", "strength: 1"),
        one("population-shift", "preset: recession"),
        "episodes.0",
        "'it' needs either a preset or shifts",
    ),
    Case(
        "episodes_are_possible",
        one("population-shift", "preset: recession, shifts: {age: 1}"),
        one("population-shift", "shifts: {age: 1}"),
        "episodes.0",
        "'it' needs either a preset or shifts",
    ),
    Case(
        "episodes_are_possible",
        one("data-bug", "feature: age"),
        one("data-bug", "feature: age, factor: 1.001"),
        "episodes.0",
        "'it' needs either a factor or a null_ratio",
    ),
    Case(
        "episodes_are_possible",
        one("data-bug", "feature: age, factor: 2, null_ratio: 0.001"),
        one("data-bug", "feature: age, factor: 1, null_ratio: 0.001"),
        "episodes.0",
        "'it' needs either a factor or a null_ratio",
    ),
    Case(
        "episodes_are_possible",
        one("rebalance", "group: archiver, every: 1m, pause: 1m1ms"),
        one("rebalance", "group: archiver, every: 1m, pause: 1m"),
        "episodes.0.pause",
        "1m1ms is not within every 1m",
    ),
    Case(
        "episodes_are_possible",
        one("rebalance", "group: archiver, every: 1m, pause: 0s"),
        one("rebalance", "group: archiver, every: 1m, pause: 1ms"),
        "episodes.0.pause",
        "0s is not within every 1m",
    ),
    Case(
        "releases_are_ordered",
        with_episodes(release("3.2.0", "start: 0s, duration: 1h")),
        with_episodes(release("3.2.1", "start: 0s, duration: 1h")),
        "episodes",
        "model versions are not unique: 3.2.0, 3.2.0",
    ),
    Case(
        "releases_are_ordered",
        with_episodes(*(release(f"4.{i}", f"start: {i}m, duration: 1m") for i in range(12))),
        with_episodes(*(release(f"4.{i}", f"start: {i}m, duration: 1m") for i in range(11))),
        "episodes",
        "13 model versions; at most 12",
    ),
    Case(
        "releases_are_ordered",
        with_two_releases("3.299h"),
        with_two_releases("3.3h"),
        "episodes",
        "'r-4-1' starts before 'r-4-0' has ended",
    ),
    Case(
        "episodes_are_possible",
        with_episodes(release("4.0", "start: 0s, duration: 5m", "5m1ms")),
        with_episodes(release("4.0", "start: 0s, duration: 5m", "5m")),
        "episodes.0.canary_for",
        "'r-4-0' is a canary for 5m1ms, longer than its duration of 5m",
    ),
    Case(
        "releases_are_ordered",
        with_episodes(
            release("4.1", "start: 4m59s999ms, duration: 5m"),
            release("4.0", "start: 0s, duration: 5m"),
        ),
        with_episodes(
            release("4.1", "start: 5m, duration: 5m"), release("4.0", "start: 0s, duration: 5m")
        ),
        "episodes",
        "'r-4-1' starts before 'r-4-0' has ended",
    ),
    Case(
        "episodes_are_possible",
        with_episodes(release("4.0", "start: 0s, duration: 1h, onset: {shape: gradual, rise: 1m}")),
        with_episodes(release("4.0", "start: 0s, duration: 1h, onset: {shape: abrupt}")),
        "episodes.0.onset",
        "'r-4-0' is a release, which has no onset but its canary",
    ),
    Case(
        "mixtures_are_few",
        nulls(7, "start: 0s, duration: 1h"),
        nulls(6, "start: 0s, duration: 1h"),
        "episodes",
        "7 episodes split the applicants at once "
        "('n-0', 'n-1', 'n-2', 'n-3', 'n-4', 'n-5', 'n-6'); at most 6 can",
    ),
    Case(
        "mixtures_are_few",
        nulls(7, "start: 0s, duration: 1h, onset: {shape: recurring, period: 6m}"),
        nulls(7, "start: 0s, duration: 1h, onset: {shape: recurring, period: 6m}").replace(
            "null_ratio: 0.1", "null_ratio: 1.0"
        ),
        "episodes",
        "7 episodes split the applicants at once "
        "('n-0', 'n-1', 'n-2', 'n-3', 'n-4', 'n-5', 'n-6'); at most 6 can",
    ),
    Case(
        "mixtures_are_few",
        gradual(7, "11m"),
        gradual(7, "10m"),
        "episodes",
        "7 episodes split the applicants at once "
        "('g-0', 'g-1', 'g-2', 'g-3', 'g-4', 'g-5', 'g-6'); at most 6 can",
    ),
    Case(
        "traffic_is_countable",
        surging(*[ALL_DAY] * 4),
        surging(*[ALL_DAY] * 3),
        "traffic.requests_per_second",
        "with the surges on at 0s up to 4e+13 a second; at most 1e+12",
    ),
    Case(
        "traffic_is_countable",
        surging(*(f"start: {hour}h, duration: 1h1m" for hour in (1, 2)), ALL_DAY, ALL_DAY),
        surging(*(f"start: {hour}h, duration: 1h" for hour in range(22)), ALL_DAY, ALL_DAY),
        "traffic.requests_per_second",
        "with the surges on at 2h up to 4e+13 a second; at most 1e+12",
    ),
    Case(
        "traffic_is_countable",
        surging(*returning("0s", "10m", "5m", "1h14m")),
        surging(*returning("0s", "15m", "30m", "45m", "6h")),
        "traffic.requests_per_second",
        "with the surges on at 1h14m up to 4e+13 a second; at most 1e+12",
    ),
    Case(
        "traffic_is_countable",
        surging(*["start: 0s, duration: 2h, onset: {shape: incremental, rise: 1h, fall: 1h}"] * 4),
        surging(
            *["start: 0s, duration: 2h, onset: {shape: incremental, rise: 2h}"] * 2,
            *["start: 2h, duration: 2h, onset: {shape: gradual, rise: 1m, fall: 1h59m}"] * 2,
        ),
        "traffic.requests_per_second",
        "with the surges on at 1h up to 4e+13 a second; at most 1e+12",
    ),
    Case(
        "traffic_is_countable",
        surging(*["start: 0s, duration: 12h, onset: {shape: recurring, period: 1ms}"] * 150),
        surging(*["start: 0s, duration: 12h, onset: {shape: recurring, period: 1ms}"] * 3),
        "traffic.requests_per_second",
        "with the surges on at 0s up to 1e+300 a second; at most 1e+12",
    ),
    Case(
        "episodes_are_possible",
        blind(12),
        blind(11),
        "episodes.0.coefficients",
        "'r' has only coefficients of 0",
    ),
    Case(
        "draws_are_possible",
        drawn_brokers(6),
        drawn_brokers(5),
        "drawn.0.parameters.brokers",
        "6 lost of only 5",
    ),
)


def case_id(case: Case) -> str:
    return f"{case.rule}: {case.said}"


def broken_rules(text: str) -> set[str]:
    return {rule.__name__ for rule in RULES if list(rule(unruled(text)))}


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_a_scenario_beyond_the_boundary_breaks_this_rule_only(case: Case) -> None:
    assert broken_rules(case.broken) == {case.rule}


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_a_scenario_within_the_boundary_breaks_no_rule(case: Case) -> None:
    assert broken_rules(case.within) == set()


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_a_broken_rule_is_said_with_its_path_and_value(case: Case) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(case.broken, "plan.yaml")

    assert f"plan.yaml: {case.path}: {case.said}" in str(refused.value).splitlines()


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_the_path_of_a_broken_rule_leads_to_a_place_of_the_scenario(case: Case) -> None:
    place: object = unruled(case.broken)
    for key in case.path.split("."):
        if isinstance(place, dict):
            place = place[key]
        else:
            place = place[int(key)] if isinstance(place, tuple) else getattr(place, key)

    assert place is not None


def test_every_rule_has_a_case() -> None:
    assert {case.rule for case in CASES} == {rule.__name__ for rule in RULES}


def test_rules_are_listed_once() -> None:
    assert len(set(RULES)) == len(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_says_what_holds(rule: object) -> None:
    assert (rule.__doc__ or "").endswith(".")


def test_a_scenario_with_every_key_breaks_no_rule() -> None:
    assert problems(unruled(FULL)) == []


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [("1.1h", "2.2h", "3.3h"), ("100ms", "200ms", "300ms"), ("0.7m", "0.1m", "0.8m")],
)
def test_spans_that_end_together_in_decimals_fit(start: str, duration: str, end: str) -> None:
    text = surges(f"start: {start}, duration: {duration}").replace(
        "duration: 1h", f"duration: {end}", 1
    )

    assert problems(unruled(text)) == []


def test_a_rise_and_a_fall_that_fill_the_episode_in_decimals_fit() -> None:
    span = "start: 0s, duration: 300ms, onset: {shape: gradual, rise: 100ms, fall: 200ms}"

    assert problems(unruled(surges(span))) == []


@pytest.mark.parametrize("fields", ["scale: 1", "scale: 1, coefficients: {}"])
def test_a_concept_drift_that_changes_nothing_is_refused(fields: str) -> None:
    assert broken_rules(one("concept-drift", fields)) == {"episodes_are_possible"}


@pytest.mark.parametrize("fields", ["scale: 0.999", "coefficients: {age: 0.5}"])
def test_a_concept_drift_that_changes_something_is_not(fields: str) -> None:
    assert broken_rules(one("concept-drift", fields)) == set()


def test_a_scenario_that_lasts_no_time_is_refused() -> None:
    with pytest.raises(ScenarioError, match="duration"):
        parse_scenario(HEADER.replace("1h", "0s"), "plan.yaml")


def test_a_model_in_production_has_a_version_that_prometheus_can_tell() -> None:
    # an empty label value means to Prometheus that the label is not there
    with pytest.raises(ScenarioError, match=r"platform\.model\.version"):
        parse_scenario(platform("model: {version: ''}"), "plan.yaml")
