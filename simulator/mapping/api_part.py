"""The third part of a mapping: what a platform's API takes and answers."""

from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue

from simulator.scenario.fields import Described
from simulator.scenario.platform.policy import DecisionNames
from simulator.scenario.platform.service_times import Times
from simulator.scenario.vocabulary import Channel, Endpoint, Feature

__all__ = [
    "ApiPart",
    "ApiRoute",
    "Application",
    "Authentication",
    "FeaturePlace",
    "Place",
    "Stub",
    "Words",
]

_FIELD = "[A-Za-z_][A-Za-z0-9_]{0,63}"
_PART = r"/([A-Za-z0-9_][A-Za-z0-9._~-]*|\{[A-Za-z_][A-Za-z0-9_]*\})"
#: Names of fields within one another, joined by dots.
Place = Annotated[str, Field(max_length=200, pattern=rf"^{_FIELD}(\.{_FIELD}){{0,5}}$")]
FieldName = Annotated[str, Field(pattern=rf"^{_FIELD}$")]
RouteText = Annotated[
    str, Field(max_length=200, pattern=rf"^(GET|POST|PUT|PATCH|DELETE) ({_PART})+$")
]
Word = Annotated[str, Field(max_length=200)]


class FeaturePlace(Described):
    """Where in an application a feature of the model lies."""

    at: Place
    """Names of fields, joined by dots."""
    scale: Annotated[float, Field(gt=0.0, le=1e6)] = 1.0
    """What it is multiplied by to be in the model's unit: 0.08333 for an income by the year."""


class Stub(Described):
    """A route that stands for something beside the simulation, and answers the same to everybody.

    Its answers take the time that is said, and no worker of the API.
    """

    status: Annotated[int, Field(ge=200, le=599)] = 200
    """The status of its answers."""
    time: Times = Times(median_seconds=0.005, sigma=0.4)
    """How long an answer takes."""
    body: JsonValue = None
    """What is answered, as JSON; names in braces in its texts stand for the path's keys."""
    counts_as: Endpoint | None = None
    """The endpoint as which its requests are counted; those of others are counted nowhere."""


class Application(Described):
    """An application as it is sent, and its answer."""

    applicant: Place
    """Where the applicant's key lies: a text."""
    features: dict[Feature, FeaturePlace] = Field(default_factory=dict)
    """Where features lie. What has no place or is not sent is looked up, as a feature store would:
    as it is among today's applicants with what was sent, and the same for the same applicant."""
    channel: Channel = "web"
    """The channel through which it comes."""
    answer: JsonValue
    """The answer to it; names in braces in its texts stand for values of the decision, and a text
    that is nothing else for the value as it is."""


def _token() -> JsonValue:
    """As RFC 6749, section 5.1, has it."""
    return {"access_token": "{token}", "token_type": "Bearer"}


class Authentication(Described):
    """What a client has to show."""

    kind: Literal["bearer", "api-key"]
    """A token in the header `Authorization`, or a key in a header of its own."""
    header: Annotated[str, Field(max_length=64, pattern="^[A-Za-z][A-Za-z0-9-]*$")] = "X-API-Key"
    """The header of a key."""
    token: RouteText | None = None
    """The route that hands out a token, to everybody. Without one any token or key is good."""
    answer: JsonValue = Field(default_factory=_token)
    """What that route answers; `{token}` stands for the token."""
    lasts_seconds: Annotated[float, Field(gt=0.0, le=1e9)] = 3600.0
    """How long a token is good."""


class ApiRoute(Described):
    """A route: one that scores, or a stub."""

    route: RouteText
    """Method and path, such as `POST /score`; parts in braces are keys."""
    also: Annotated[tuple[RouteText, ...], Field(max_length=20)] = ()
    """Other forms of the same route."""
    endpoint: Literal["score", "batch"] | None = None
    """Whether it scores one application or several."""
    stub: Stub | None = None
    """What it answers, where it is none of the simulation's."""
    open: bool = False
    """Whether it is answered without what `authentication` asks for."""
    application: Application | None = None
    """An application, where it is another one than that of the whole API."""
    applications: Place | None = None
    """Where a batch has its list of applications."""
    most: Annotated[int, Field(ge=1, le=100)] = 100
    """The largest number of applications in a batch."""
    decisions: FieldName | None = None
    """The name of the list of answers in the answer to a batch."""

    @property
    def forms(self) -> tuple[tuple[str, str], ...]:
        """Method and path's template of each of its forms."""
        parts = (form.partition(" ") for form in (self.route, *self.also))
        return tuple((method, path) for method, _, path in parts)


class Words(Described):
    """The platform's own words in answers, where they differ."""

    decision: DecisionNames = DecisionNames()
    """For decisions."""
    risk_level: dict[Word, Word] = Field(default_factory=dict)
    """For levels of risk, by their names in the platform's policy."""


class ApiPart(Described):
    """Routes beside those of the platform, or in the place of one with the same method and path."""

    authentication: Authentication | None = None
    """What its routes ask a client to show; nothing without."""
    application: Application | None = None
    """An application, as routes take it that do not say otherwise."""
    routes: Annotated[tuple[ApiRoute, ...], Field(max_length=200)] = ()
    """The routes; several may have one endpoint."""
    words: Words = Words()
    """Words in answers."""

    def with_more(self, other: Self) -> Self:
        """This part with another one over it.

        >>> one, other = (ApiPart(routes=(ApiRoute(route=r),)) for r in ("GET /a", "GET /b"))
        >>> [route.route for route in one.with_more(other).routes]
        ['GET /a', 'GET /b']
        """
        said = {form for route in other.routes for form in route.forms}
        kept = tuple(route for route in self.routes if said.isdisjoint(route.forms))
        changes = {name: getattr(other, name) for name in other.model_fields_set - {"routes"}}
        return self.model_copy(update=changes | {"routes": kept + other.routes})
