"""The third part of a mapping: what a platform's API takes and answers."""

from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, JsonValue

from simulator.mapping.application import Application, ReviewPlaces, Words
from simulator.mapping.fields import Word
from simulator.mapping.places import FieldName, OutsidePlace, Place
from simulator.reading.written import Written
from simulator.scenario.fields import Described
from simulator.scenario.platform.service_times import Times
from simulator.scenario.vocabulary import Endpoint

__all__ = [
    "HEALTH",
    "ApiPart",
    "ApiRoute",
    "Authentication",
    "MappedEndpoint",
    "RouteText",
    "Stub",
]

#: What a route may be: the endpoints of the platform, and whether it is up.
MappedEndpoint: TypeAlias = Literal[Endpoint, "health"]
HEALTH: Final = "health"

_PART = r"/([A-Za-z0-9_][A-Za-z0-9._~:-]*|\{[A-Za-z_][A-Za-z0-9_]*\})"
RouteText = Annotated[
    str,
    Field(max_length=200),
    Written(
        rf"^(GET|POST|PUT|PATCH|DELETE) (({_PART})+/?|/)$",
        "a method in capitals and a path of letters, digits and ._~:- or keys in braces, such as "
        "POST /customers/{id}/score",
    ),
]
Text = Annotated[str, Field(max_length=200)]
_HOST: Final = r"^https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~/-]*)?$"
PlainName = Annotated[
    str, Written("^[A-Za-z0-9_.~-]{1,64}$", "at most 64 letters, digits and _.~-, such as api_key")
]
HostText = Annotated[
    str,
    Field(max_length=200),
    Written(_HOST, "http or https, a host and maybe a path, such as https://login.example"),
]
HeaderName = Annotated[
    str,
    Field(max_length=64),
    Written(
        "^[A-Za-z][A-Za-z0-9-]*$", "the name of a header: letters, digits and -, such as X-API-Key"
    ),
]
KeyName = Annotated[
    str,
    Written(
        "^[A-Za-z_][A-Za-z0-9_]*$",
        "the name of a key: letters, digits and _, which begins with no digit",
    ),
]


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
    known: dict[KeyName, Annotated[str, Field(max_length=200)]] = Field(default_factory=dict)
    """Which keys of the path there are, by their names: `CUST*` all that begin so. Others are
    answered with 404."""
    counts_as: Endpoint | None = None
    """The endpoint as which its requests are counted; those of others are counted nowhere."""


def _token() -> JsonValue:
    """As RFC 6749, section 5.1, has it."""
    return {"access_token": "{token}", "token_type": "Bearer"}


class Authentication(Described):
    """What a client has to show."""

    kind: Literal["bearer", "api-key", "basic"]
    """A token in the header `Authorization`, a key of its own, or a name and a password."""
    header: HeaderName = "X-API-Key"
    """The header of a key."""
    query: PlainName | None = None
    """The parameter of a key in the query, in place of a header."""
    cookie: PlainName | None = None
    """The cookie of a key, in place of a header."""
    token: RouteText | None = None
    """The route that hands out a token, to everybody. Without one any token or key is good."""
    token_host: HostText | None = None
    """Where Locust's users ask for a token, such as `https://login.example`, if it is another host
    than the API's; the platform hands it out itself."""
    answer: JsonValue = Field(default_factory=_token)
    """What that route answers; `{token}` stands for the token."""
    lasts_seconds: Annotated[float, Field(gt=0.0, le=1e9)] = 3600.0
    """How long a token is good."""
    counts_as: Endpoint | None = None
    """The endpoint as which requests for a token are counted; they are counted nowhere without."""
    credentials: Annotated[dict[Word, Text], Field(max_length=20)] | None = None
    """What Locust's users send for a token: names in braces stand for secrets in the environment.
    Without, it is what RFC 6749 has for those that are there."""
    credentials_as: Literal["form", "json", "basic"] = "form"
    """How they send it; `basic` is a form, with the client's secrets in `Authorization`."""


class ApiRoute(Described):
    """A route: one of the simulation's endpoints, or a stub."""

    route: RouteText
    """Method and path, such as `POST /score`; parts in braces are keys. With a final slash
    Locust's users send it; the platform answers with it and without."""
    also: Annotated[tuple[RouteText, ...], Field(max_length=20)] = ()
    """Other forms of the same route."""
    endpoint: MappedEndpoint | None = None
    """Which of the simulation's endpoints it is; `score` takes one application, `batch` several."""
    stub: Stub | None = None
    """What it answers, where it is none of the simulation's."""
    open: bool = False
    """Whether it is answered without what `authentication` asks for."""
    application: Application | None = None
    """An application, where it is another one than that of the whole API."""
    applications: FieldName | None = None
    """Where a batch has its list of applications; without, what is sent is that list."""
    most: Annotated[int, Field(ge=1, le=100)] = 100
    """The largest number of applications in a batch."""
    sends: JsonValue = None
    """What else clients send in the body, beside applications or a key; as in an application."""
    beside: Annotated[dict[OutsidePlace, Text], Field(max_length=40)] = Field(default_factory=dict)
    """What else clients send outside of the body, by `query:` and `header:`; as in `sends`."""
    decisions: FieldName | None = None
    """Where the answer to a batch has its list of answers; without, it is that list."""
    key: Place | None = None
    """Where the key lies of what is read, reviewed or erased; without, it is that of the path."""
    review: ReviewPlaces | None = None
    """Where a review's decision lies, if not at `decision`."""
    answer: JsonValue = None
    """What it answers, with names in braces; what a batch answers beside `decisions`. A decision
    that is read or reviewed is answered as it was when it was taken, unless this says otherwise."""
    each: JsonValue = None
    """One of the `{models}` in the answer of `models`."""
    counts_as: Endpoint | None = None
    """The endpoint as which requests for `health` are counted; they are counted nowhere without."""

    @property
    def forms(self) -> tuple[tuple[str, str], ...]:
        """Method and path's template of each of its forms, without a final slash."""
        parts = (form.partition(" ") for form in (self.route, *self.also))
        return tuple((method, path.rstrip("/") or "/") for method, _, path in parts)

    @property
    def address(self) -> tuple[str, str]:
        """Method and path's template as clients send it."""
        method, _, path = self.route.partition(" ")
        return method, path


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

    @property
    def token_forms(self) -> frozenset[tuple[str, str]]:
        """Method and path of the route that hands out tokens, if there is one."""
        asked = self.authentication
        if asked is None or asked.token is None:
            return frozenset()
        method, _, path = asked.token.partition(" ")
        return frozenset({(method, path)})

    def with_more(self, other: Self) -> Self:
        """This part with another one over it.

        >>> one, other = (ApiPart(routes=(ApiRoute(route=r),)) for r in ("GET /a", "GET /b"))
        >>> [route.route for route in one.with_more(other).routes]
        ['GET /a', 'GET /b']
        """
        said = {form for route in other.routes for form in route.forms} | other.token_forms
        kept = tuple(route for route in self.routes if said.isdisjoint(route.forms))
        changes = {name: getattr(other, name) for name in other.model_fields_set - {"routes"}}
        return self.model_copy(update=changes | {"routes": kept + other.routes})
