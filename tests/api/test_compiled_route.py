"""What a route is compiled to takes what its schema takes, as the schema has it, and no more."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from simulator.api.compiled_route import CompiledRoute, Request
from simulator.api.fast_lane import FastLane
from simulator.api.json_types import type_of
from simulator.api.routes import ASKED, Of, Route, scoring_routes
from simulator.api.scoring import Scoring
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import CHANNELS, FEATURES
from tests.support.scoring_client import GOOD_RISK, JSON, Client, application, batch, counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

SCORE, BATCH = (CompiledRoute(route) for route in scoring_routes(Routes()))

# JSON as text, since two texts of one value may be read differently
NUMBERS = st.sampled_from(
    json.loads(
        """["0", "1", "-0", "1.0", "0.5", "1e0", "1E+2", "100", "100.0000000000000000001", "101",
        "-1e-400", "18", "17.999999999999999999", "120", "720.0", "1e6", "1e400", "01", "1.", ".5",
        "10000000000000000000000000", "+1", "NaN", "-Infinity", "true", "null", "[1]", "{}", "0x1"]
        """
    )
)
TEXTS = st.sampled_from(
    ['"web"', r'"w\u0065b"', '"fax"', '"p-1"', r'"p-1\n"', '"p 1"', r'"\ud800"', '"\ud800"']
    + ['"\x01"', '""', '"é"', f'"{"a" * 64}"', f'"{"a" * 65}"', "'web'", "1", "null", '["web"]']
)
NAMES = st.sampled_from(['"age"', r'"a\u0067e"', '"extra"', "age"])
GAPS = st.sampled_from(["", "", "", " ", "\n", "\t", "\ufeff", "\x00", "\xa0", "/**/", ","])
VALID: dict[str, str] = {
    "channel": '"web"',
    "applicant_id": '"p-1"',
    **{feature: json.dumps(value) for feature, value in GOOD_RISK.items()},
}


@st.composite
def applications(draw: st.DrawFn) -> str:
    """An application with at most one thing about it that may be wrong."""
    values, more, gap = dict(VALID), "", ""
    match draw(st.sampled_from(["channel", "applicant_id", "feature", "more", "gap"])):
        case "feature":
            values[draw(st.sampled_from(FEATURES))] = draw(NUMBERS)
        case "more":
            more = f", {draw(NAMES)}: {draw(NUMBERS)}"
        case "gap":
            gap = draw(GAPS)
        case text:
            values[text] = draw(TEXTS)
    features = ", ".join(f'"{name}": {values[name]}' for name in FEATURES) + more
    applicant = f'{{"applicant_id": {values["applicant_id"]}}}'
    fields = [f'"channel": {values["channel"]}', f'"applicant": {applicant}']
    fields.append(f'"features": {{{gap}{features}}}')
    return gap + "{" + ",".join(draw(st.permutations(fields))) + "}" + gap


@st.composite
def batches(draw: st.DrawFn) -> str:
    listed = draw(st.lists(applications(), max_size=3)) * draw(st.sampled_from([1, 1, 34, 51]))
    channel = draw(st.just(VALID["channel"]) | TEXTS)
    return f'{{"channel": {channel}, "applications": [{", ".join(listed)}]}}'


def as_the_schema_has_it(route: CompiledRoute, raw: bytes) -> Request | None:
    """What FastAPI makes of a body: it reads JSON with Python's own module."""
    try:
        return route.request_of(route.route.body.model_validate(json.loads(raw)), {})
    except (ValueError, RecursionError):
        return None


@given(text=applications() | batches())
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_taken_that_the_schema_refuses_and_nothing_read_otherwise(text: str) -> None:
    raw = text.encode(errors="surrogatepass")
    for route in (SCORE, BATCH):
        taken = route.read(raw, {})
        assert taken is None or taken == as_the_schema_has_it(route, raw)


@given(
    channel=st.sampled_from(CHANNELS),
    applicant_id=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z"),
    utilisation=st.floats(0, 1),
    income=st.floats(0, 1e6) | st.integers(0, 1_000_000),
    incidents=st.integers(0, 100) | st.integers(0, 100).map(float),
)
def test_what_is_valid_is_taken(
    channel: str, applicant_id: str, utilisation: float, income: float, incidents: float
) -> None:
    body = application(
        channel=channel,
        applicant_id=applicant_id,
        revolving_utilisation=utilisation,
        net_income=income,
        incidents_24m=incidents,
    )
    raw = json.dumps(body).encode()

    taken = SCORE.read(raw, {})
    assert taken is not None
    assert taken == as_the_schema_has_it(SCORE, raw)


def test_a_whole_batch_is_taken() -> None:
    taken = BATCH.read(json.dumps(batch(100)).encode(), {})

    assert taken is not None
    assert [applicant_id for applicant_id, _ in taken.applicants] == [f"p-{i}" for i in range(100)]


@pytest.mark.parametrize(
    "field",
    [
        Annotated[str, Field(pattern=r"^\d+$")],
        Annotated[str, Field(pattern="a|b$c")],
        Annotated[list[int], Field(json_schema_extra={"uniqueItems": True})],
        dict[str, int],
        int | float,
        Any,
    ],
)
def test_a_schema_that_cannot_be_said_to_msgspec_is_refused(field: Any) -> None:  # noqa: ANN401 - an annotation
    model = type("Odd", (BaseModel,), {"__annotations__": {"field": field}})

    with pytest.raises(ValueError, match="no type"):
        type_of(model)


class Customer(BaseModel):
    """Another lender's application: fewer fields, under other names, and some that mean nothing."""

    model_config = ConfigDict(strict=True)

    customer_id: str
    yearly_income: Annotated[float, Field(gt=0, le=1e7)]
    source: Literal["app", "shop"] = "app"
    tags: Annotated[list[str], Field(max_length=3)] = []


class Customers(BaseModel):
    """Several of them."""

    customers: Annotated[list[Customer], Field(min_length=1, max_length=20)]


class Results(BaseModel):
    """What comes back."""

    results: list[dict[str, Any]]


OTHERS = Route(
    endpoint="batch",
    method="POST",
    path="/api/v1/scoring",
    name="others",
    about="As another lender has it.",
    body=Customers,
    channel=None,
    applications="customers",
    places={"applicant_id": "customer_id", "net_income": "yearly_income"},
    defaults={**{f: v for f, v in GOOD_RISK.items() if f != "net_income"}, "channel": "partner"},
    answer=Results,
    decision={"customer": {"id": Of("applicant_id")}, "points": Of("score"), "by": "model"},
    decisions="results",
)


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers what the fast lane leaves to others."""
    del scope, receive
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body"})


def test_a_route_of_another_shape_is_served_as_it_is_declared(client: Client) -> None:
    client.app = FastLane(nowhere, [Scoring(CompiledRoute(OTHERS), client.backend)])
    sent = [{"customer_id": f"c{i}", "yearly_income": 1000.0 * i, "extra": {}} for i in (1, 2, 3)]

    answer = client.send("POST", OTHERS.path, json={"customers": sent})

    listed = answer.json()["results"]
    assert [each["customer"]["id"] for each in listed] == ["c1", "c2", "c3"]
    assert [set(each) for each in listed] == [{"customer", "points", "by"}] * 3
    tally = client.counter.take()
    assert [each["points"] for each in listed] == tally.scores.tolist()
    assert tally.true[:, FEATURES.index("net_income")].tolist() == [1000.0, 2000.0, 3000.0]
    assert (tally.true[:, FEATURES.index("age")] == GOOD_RISK["age"]).all()
    assert counted(tally) == {("partner", "success"): 3}
    wrong = {"customers": [{**sent[0], "source": "street"}]}
    assert client.send("POST", OTHERS.path, json=wrong).status_code == 404


@pytest.mark.parametrize("lost", [*ASKED, "channel"])
def test_a_route_that_says_nothing_of_what_is_asked_is_refused(lost: str) -> None:
    kept = {name: value for name, value in OTHERS.defaults.items() if name != lost}
    places = {name: place for name, place in OTHERS.places.items() if name != lost}

    with pytest.raises(ValueError, match=f"no default for.*{lost}"):
        replace(OTHERS, defaults=kept, places=places)


@pytest.mark.parametrize("place", ["customer", "customer_id.text", "tags.0"])
def test_a_place_that_the_schema_does_not_have_is_refused(place: str) -> None:
    places = {**OTHERS.places, "applicant_id": place}

    with pytest.raises(ValueError, match=f"no field '{place}'"):
        CompiledRoute(replace(OTHERS, places=places))


def test_applications_that_are_no_list_are_refused() -> None:
    with pytest.raises(ValueError, match="no list of applications"):
        CompiledRoute(replace(OTHERS, body=Customer, applications="source"))


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "a mark of the byte order": lambda raw: b"\xef\xbb\xbf" + raw,
    "UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "a name twice, at first wrong": lambda raw: raw.replace(b'"age"', b'"age": "x", "age"'),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_is_not_taken_at_once_is_taken_as_the_schema_has_it(
    client: Client, spoil: Callable[[bytes], bytes]
) -> None:
    raw = spoil(json.dumps(application()).encode())
    assert SCORE.read(raw, {}) is None

    assert client.send("POST", "/v1/score", content=raw, headers=JSON).status_code == 200
    assert counted(client.counter.take()) == {("web", "success"): 1}
