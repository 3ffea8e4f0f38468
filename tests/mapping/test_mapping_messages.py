"""What a newcomer reads of a wrong mapping: all of it at once, each fault once, in plain words."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from simulator.errors import MappingError
from simulator.mapping.loading import parse_mapping

#: Words of the library that reads files, which tell nobody what to write.
INTERNAL: Final = re.compile(
    r"constrained|Tuple|Input should|instance of|NoneType|dict\[|tuple\[|literal\[|\[key\]|"
    r"function-|\^|\{1,64\}|\\[.sS]"
)
APPLICATION: Final[dict[str, Any]] = {"applicant": "id", "answer": {"score": "{score}"}}


def lines(**parts: Any) -> list[str]:  # noqa: ANN401 - as a file has it
    text = json.dumps({"version": 1, "name": "x", **parts})
    with pytest.raises(MappingError) as raised:
        parse_mapping(text, "x.yaml")
    return [line.removeprefix("x.yaml: ") for line in str(raised.value).split("\n")]


def of_metric(**metric: Any) -> dict[str, Any]:  # noqa: ANN401 - as a file has it
    return {"metrics": {"m": metric}}


def of_application(**said: Any) -> dict[str, Any]:  # noqa: ANN401 - as a file has it
    return {"api": {"application": {**APPLICATION, **said}}}


def of_route(**said: Any) -> dict[str, Any]:  # noqa: ANN401 - as a file has it
    return {"api": {"application": APPLICATION, "routes": [said]}}


def of_signal(**said: Any) -> dict[str, Any]:  # noqa: ANN401 - as a file has it
    return of_metric(signal={"base": 1, **said})


REQUESTS: Final = {"measure": "http_requests"}
WRONG: Final[list[tuple[dict[str, Any], str]]] = [
    (of_metric(**REQUESTS, edges=[True, 2]), "metrics.m.edges.0: is a truth value"),
    (of_metric(flag={"of": {"measure": "psi"}, "above": True}), "metrics.m.flag.above: is a truth"),
    (of_metric(**REQUESTS, edges=[]), "metrics.m.edges: is empty, and needs at least 1"),
    (of_metric(**REQUESTS, edges=5), "metrics.m.edges: should be a list (found 5)"),
    (of_metric(**REQUESTS, edges=["a"]), "metrics.m.edges.0: should be a number (found 'a')"),
    (of_metric(**REQUESTS, type="guage"), "metrics.m.type: should be 'counter', 'gauge', "),
    (of_metric(**REQUESTS, labels={"a": 5}), "metrics.m.labels.a: should be a text or keys with"),
    (of_metric(**REQUESTS, labels={"a": {"dimenson": "x"}}), "labels.a.dimenson: is no key here"),
    (of_metric(**REQUESTS, where={"class": []}), "metrics.m.where.class: is empty, and needs"),
    (of_metric(**REQUESTS, where={"class": [1]}), "where.class.0: should be a text: put it in qu"),
    (of_metric(**REQUESTS, where={"class": 1}), "where.class: should be a text, a list or keys"),
    (
        of_metric(mesure="auc"),
        "metrics.m.mesure: is no key here (found 'auc'); did you mean 'measu",
    ),
    (of_metric(rate={"of": REQUESTS, "over": "2d"}), "rate.over: should be at most 3600s (found "),
    (of_metric(last="scor"), "metrics.m.last: should be 'score', "),
    (of_metric(last="ages"), "did you mean 'age'?"),
    (of_metric(up={"components": ["minoi"]}), "metrics.m.up.components.0: should be 'ml-model', "),
    (of_metric(attribute={"feature": "ages", "edges": [1]}), "did you mean 'age'?"),
    (of_signal(labels={"a": 5}), "metrics.m.signal.labels.a: should be a list or keys with"),
    (of_signal(labels={"a": {"x": -1}}), "metrics.m.signal.labels.a.x: should be at least 0"),
    (of_signal(daily={"amplitude": 0.1, "peak": "25:00"}), "peak: should be hours and minutes"),
    (of_signal(kind="histogram", rate=1), "metrics.m.signal.edges: a histogram needs edges"),
    ({"metrics": {"a-b": {"measure": "auc"}}}, "metrics.a-b: should be a name of letters, digits,"),
    (of_metric(measure="auc", labels={"a-b": "version"}), "labels.a-b: should be a name of lett"),
    ({"metrics": None}, "metrics: should be keys with their values"),
    ({"include": {"defualt": ["minio"]}}, "did you mean 'default'?"),
    ({"include": {"default": ["minoi"]}}, "include.default.0: should be 'ml-model'"),
    ({"platform": {"kafka": {"topics": {}}}}, "platform.kafka.topics: is no key here"),
    ({"platform": {"model": {"version": ""}}}, "version: should be at most 63 letters, digits"),
    ({"load": {"kinds": {"my kind": {}}}}, "load.kinds.my kind: should be at most 63 small"),
    ({"load": {"kinds": {"a": {"usrs": 1}}}}, "usrs: is no key here (found 1); did you mean 'us"),
    (of_application(applicant="a b"), "application.applicant: should be names of fields joined by"),
    (of_application(features={"ages": {"at": "a"}}), "did you mean 'age'?"),
    (of_application(channel="moble"), "did you mean 'mobile'?"),
    (of_route(route="POST s", endpoint="score"), "routes.0.route: should be a method in capitals"),
    (of_route(endpoint="score"), "api.routes.0.route: is missing"),
    (of_route(route="GET /x", stub={"known": {"id": 5}}), "stub.known.id: should be a text: put"),
    ({"api": {"authentication": {"kind": "api-key", "header": "X K"}}}, "the name of a header: "),
]


@pytest.mark.parametrize(("parts", "said"), WRONG, ids=[said[:60] for _, said in WRONG])
def test_a_fault_is_one_line_in_plain_words(parts: dict[str, Any], said: str) -> None:
    found = lines(**parts)

    assert any(said in line for line in found)
    assert len({line.partition(": ")[0] for line in found}) == len(found)
    assert not [line for line in found if INTERNAL.search(line)]


def test_faults_of_types_and_of_meaning_are_said_together() -> None:
    found = lines(
        metrics={
            "a": {"mesure": "auc"},
            "b": {"measure": "aplications"},
            "c": {**REQUESTS, "edges": [True]},
            "d": {"measure": "psi", "fold": "sum"},
        },
        include={"defualt": ["minio"]},
        api={
            "application": APPLICATION,
            "routes": [
                {"route": "POST s", "endpoint": "score"},
                {"route": "GET /x", "stub": {"body": "{id}"}},
                {"route": "GET /x/{id}", "stub": {"body": 1}},
                {"route": "GET /x/{key}", "stub": {"body": 1}},
            ],
        },
        load={"kinds": {"a": {"usrs": 1}}},
    )

    assert {line.partition(": ")[0] for line in found} == {
        "metrics.a.mesure",
        "metrics.b.measure",
        "metrics.c.edges.0",
        "metrics.d.fold",
        "include.defualt",
        "api.routes.0.route",
        "api.routes.1.stub.body",
        "api.routes.3.route",
        "load.kinds.a.usrs",
        "load.kinds.a.users",
        "load.kinds.a.rate",
        "load.kinds.a.time",
    }
    assert "api.routes.3.route: GET /x/{key} is that of api.routes.2.route, too" in found


def test_faults_within_a_signal_are_said_together() -> None:
    found = lines(
        **of_signal(
            kind="guage",
            min=5,
            max=2,
            causes=[{"cause": "lod", "weight": 1}, {"cause": "slowness"}],
        )
    )

    assert [line.partition(": ")[0] for line in found] == [
        "metrics.m.signal.kind",
        "metrics.m.signal.causes.0.cause",
        "metrics.m.signal.causes.1.of",
        "metrics.m.signal.causes.1.weight",
        "metrics.m.signal.max",
    ]


def test_nothing_is_said_of_what_only_follows_from_another_fault() -> None:
    found = lines(
        api={
            "authentication": {"kind": "digest"},
            "application": APPLICATION,
            "routes": [{"route": "GET /x", "open": True, "stub": {"body": 1}}],
        },
        metrics={
            "m": {"ratio": {"of": REQUESTS, "to": REQUESTS, "within": ["v"]}, "labels": {"v": 5}}
        },
    )

    assert [line.partition(": ")[0] for line in found] == [
        "metrics.m.labels.v",
        "api.authentication.kind",
    ]


def test_a_hundred_faults_are_all_said() -> None:
    found = lines(metrics={f"m{i}": {"measure": f"nothing{i}"} for i in range(100)})

    assert len(found) == 100
    assert "more" not in found[-1]
