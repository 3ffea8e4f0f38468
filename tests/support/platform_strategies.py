"""Parts of platforms as a file would say them: other names, sizes and habits, extremes included."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from simulator.scenario.vocabulary import CHANNELS, ENDPOINTS, FEATURES, REASONS, VIOLATION_TYPES

Content = dict[str, Any]

_words = st.from_regex(r"[A-Za-z][A-Za-z0-9 _./-]{0,10}[a-z0-9]", fullmatch=True)


@st.composite
def _names(draw: st.DrawFn, of: tuple[str, ...]) -> Content:
    """Other names for some of a vocabulary, none of them one of its own words."""
    renamed = draw(st.lists(st.sampled_from(of), unique=True, max_size=3))
    names = draw(st.lists(_words, unique=True, min_size=len(renamed), max_size=len(renamed)))
    return {word: f"{name} {word}" for word, name in zip(renamed, names, strict=True)}


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Content]:
    """Any of these fields, and none of them as well."""
    return st.fixed_dictionaries({}, optional=fields)


_weights = st.sampled_from([0.0, 1.0, 90.0])
_models: Final = _some(
    name=_words,
    feature_names=_names(FEATURES),
    hidden_features=st.lists(st.sampled_from(FEATURES), unique=True, max_size=11),
)
_routes: Final = _some(
    score=st.sampled_from(["POST /score", "PUT /api/v1/scoring"]),
    batch=st.just("POST /score/batch"),
    decision=st.sampled_from(["GET /decisions/{key}", "GET /results/{decision_id}/all"]),
    erasure=st.just("POST /people/{key}/forget"),
    models=st.just("GET /v2/models"),
)
_medians = st.sampled_from([1e-4, 0.05, 30.0])
_sigmas = st.sampled_from([0.01, 0.5, 2.0])
_shares = st.sampled_from([0.0, 0.3, 1.0])
_times: Final = _some(
    prediction=_some(median_seconds=_medians, sigma=_sigmas),
    gateway=_some(median_seconds=_medians, sigma=_sigmas),
    bureau=_some(
        median_seconds=_medians,
        share=_shares,
        failure_ratio=_shares,
        timeout_seconds=st.sampled_from([0.01, 60.0]),
    ),
    stall=_some(median_seconds=_medians, share=_shares),
    look_up=_some(median_seconds=_medians),
    refusal=_some(median_seconds=_medians),
)
_apis: Final = _some(
    service_times=_times,
    healthy_faults=st.dictionaries(st.sampled_from(REASONS[1:]), st.sampled_from([0.0, 0.2])),
    workers=st.sampled_from([1, 32]),
    health_check=st.sampled_from(["0s", "1m"]),
    routes=_routes,
    error_names=_names(REASONS),
)
_groups: Final = _some(
    members=st.sampled_from([1, 4]), messages_per_second=st.sampled_from([20.0, 2e3])
)
_topics: Final = st.fixed_dictionaries(
    {"name": st.sampled_from(["requests.in", "crm customers", "a_topic"])},
    optional={
        "fed_by": st.sampled_from(["requests", "applications", "decisions", "errors"]),
        "messages_each": st.sampled_from([0.0, 0.3, 2.5]),
        "partitions": st.sampled_from([1, 17]),
        "replication": st.sampled_from([1, 3]),
        "retention_messages": st.sampled_from([1, 1000]),
        "consumer_groups": st.sampled_from([[], [{"name": "reader", "members": 2}]]),
    },
)
_kafkas: Final = _some(
    topic=_words,
    further_topics=st.lists(_topics, max_size=2, unique_by=lambda topic: topic["name"]),
    brokers=st.sampled_from([3, 7]),
    partitions=st.sampled_from([3, 16]),
    consumer_groups=st.builds(
        lambda archiver, other, role, label: [
            {"name": "archiver", "label": f"{label} 1", **archiver, **role},
            {"name": "risk-monitoring", "label": f"{label} 2", **other},
        ],
        _groups,
        _groups,
        _some(archives=st.booleans()),
        _words,
    ),
)
_minios: Final = st.one_of(
    _some(
        pools=st.sampled_from([["hot"], ["old", "new"]]),
        parity=st.sampled_from([2, 4]),
        healing=st.just("5m"),
    ),
    st.just({"nodes": 3, "servers": ["s3-a:9000", "s3-b:9000", "s3-c:9000"], "pools": ["0"]}),
)
_traffics: Final = _some(
    country=st.sampled_from(["DE", "US"]),
    time_zone=st.sampled_from(["America/New_York", "Asia/Kolkata"]),
    channels=st.dictionaries(st.sampled_from(CHANNELS[1:]), _weights),
    channel_names=_names(CHANNELS),
    endpoints=st.dictionaries(st.sampled_from(ENDPOINTS[1:]), _weights),
)
#: Of the one left out, there are as many as look-ups of the bureau fail: none, at some extremes.
_WITH_PARENTS: Final = tuple(v for v in VIOLATION_TYPES if v != "ficp_check_missing")
_compliances: Final = _some(
    violations=st.dictionaries(
        st.sampled_from(_WITH_PARENTS),
        _some(
            regulation=_words,
            severity=st.sampled_from(["P1", "low"]),
            per_10k=st.sampled_from([0.0, 0.5, 50.0]),
        ),
        max_size=4,
    )
)
#: All of it is said, so that a later part of another scale has no cut-offs of this one left.
_policies: Final = st.fixed_dictionaries(
    {}, optional={"decision_names": _names(("accepted", "review", "refused"))}
).flatmap(
    lambda said: st.sampled_from(
        [
            {**said, **_scale((300, 850), 600, 590, [640, 300])},
            {**said, **_scale((300, 850), 840, 310, [*(840.0 - 60 * i for i in range(9)), 300])},
            {**said, **_scale((0, 1000), 618, 505.5, [800, 0])},
            {**said, **_scale((100, 0), 33, 33, [20, 33, 100])},
            {**said, **_scale((0, 1), 0.615, 0.3, [0.9, 0.615, 0])},
        ]
    )
)


def _scale(
    ends: tuple[float, float], accepted: float, reviewed: float, levels: list[float]
) -> Content:
    return {
        "score_range": list(ends),
        "accepted_from": accepted,
        "reviewed_from": reviewed,
        "risk_levels": [{"name": f"R{i}", "lowest": one} for i, one in enumerate(levels)],
    }


#: What somebody may say of a platform, as plain values.
platform_contents: Final[st.SearchStrategy[Content]] = _some(
    api=_apis,
    compliance=_compliances,
    kafka=_kafkas,
    minio=_minios,
    model=_models,
    policy=_policies,
    traffic=_traffics,
)
