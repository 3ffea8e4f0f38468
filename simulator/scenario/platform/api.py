"""The scoring API: its workers, its routes, and what it calls its errors."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from simulator.reading.written import Written
from simulator.scenario.fields import Described, Duration, LabelText, Names
from simulator.scenario.platform.service_times import ServiceTimes
from simulator.scenario.vocabulary import ENDPOINTS, Endpoint

__all__ = ["Api", "ErrorNames", "HealthyFaults", "Routes"]

_PART = r"/[A-Za-z0-9_][A-Za-z0-9._~-]*"
_KEY = r"/\{[A-Za-z_][A-Za-z0-9_]*\}"
_PATH = "and a path of letters, digits and ._~-"
_KEYED = f"{_PATH} with one key in braces, such as"
#: A method and the template of a path, in which one part may be a key in braces.
ReadRoute = Annotated[
    str,
    Field(max_length=200),
    Written(rf"^(GET|POST) ({_PART})+$", f"GET or POST {_PATH}, such as GET /v1/models"),
]
SentRoute = Annotated[
    str,
    Field(max_length=200),
    Written(
        rf"^(POST|PUT|PATCH) ({_PART})+$", f"POST, PUT or PATCH {_PATH}, such as POST /v1/score"
    ),
]
KeyedRoute = Annotated[
    str,
    Field(max_length=200),
    Written(
        rf"^(GET|POST|DELETE) ({_PART})+({_KEY})({_PART})*$",
        f"GET, POST or DELETE {_KEYED} GET /v1/decisions/{{id}}",
    ),
]
KeyedSentRoute = Annotated[
    str,
    Field(max_length=200),
    Written(
        rf"^(POST|PUT|PATCH) ({_PART})+({_KEY})({_PART})*$",
        f"POST, PUT or PATCH {_KEYED} POST /v1/decisions/{{id}}/review",
    ),
]

#: A share of requests that leaves most of them without it.
FaultShare = Annotated[float, Field(ge=0.0, le=0.2)]


class Routes(Described):
    """Methods and route templates of the API's endpoints, such as `POST /v1/score`."""

    score: SentRoute = "POST /v1/score"
    """Scores one application."""
    batch: SentRoute = "POST /v1/score/batch"
    """Scores several applications at once."""
    decision: KeyedRoute = "GET /v1/decisions/{id}"
    """Reads a decision back; the part in braces is its key."""
    explanation: KeyedRoute = "GET /v1/decisions/{id}/explanation"
    """The reasons for a decision; the part in braces is its key."""
    review: KeyedSentRoute = "POST /v1/decisions/{id}/review"
    """A person decides instead; the part in braces is the decision's key."""
    erasure: KeyedRoute = "DELETE /v1/applicants/{id}"
    """Deletes what is kept of an applicant; the part in braces is the applicant's key."""
    models: ReadRoute = "GET /v1/models"
    """Lists the deployed model versions."""

    def by_endpoint(self) -> Mapping[Endpoint, tuple[str, str]]:
        """Method and route template of each endpoint, in the order of ENDPOINTS.

        >>> Routes().by_endpoint()["models"]
        ('GET', '/v1/models')
        """
        parts = {e: getattr(self, e).partition(" ") for e in ENDPOINTS}
        return {e: (method, path) for e, (method, _, path) in parts.items()}


class ErrorNames(Names):
    """What it is called that an application is not scored, as values of a label."""

    validation: LabelText = "validation"
    """The application is not as the schema has it: status 422."""
    unauthorized: LabelText = "unauthorized"
    """Nobody who may apply: status 401."""
    rate_limited: LabelText = "rate_limited"
    """Too many requests of one client: status 429."""
    internal: LabelText = "internal"
    """A failure of the API: status 500."""
    unavailable: LabelText = "unavailable"
    """A replica is gone, nobody waits any more, or Kafka takes no decision: status 503."""
    timeout: LabelText = "timeout"
    """It took longer than the API's timeout: status 504."""


class HealthyFaults(Described):
    """Shares of requests that a healthy API answers with an error, as seen in practice."""

    unauthorized: FaultShare = 0.0004
    """Answered with 401."""
    rate_limited: FaultShare = 0.0002
    """Answered with 429."""
    internal: FaultShare = 0.0004
    """Answered with 500."""
    unavailable: FaultShare = 0.0003
    """Answered with 503."""
    timeout: FaultShare = 0.0002
    """Answered with 504."""

    def in_order(self) -> tuple[float, ...]:
        """All the shares, in the order in which faults are decided."""
        return tuple(getattr(self, name) for name in type(self).model_fields)


class Api(Described):
    """The scoring API: how many requests it works on at once, and how long a client waits.

    The workers are spread evenly over `replicas` behind one line; a load balancer's `health_check`
    takes so long to notice that one of them is gone.
    """

    workers: Annotated[int, Field(ge=1, le=1_000_000)] = 32
    """Requests in work at once, on all replicas together."""
    timeout_seconds: Annotated[float, Field(gt=0.0, le=60.0)] = 2.0
    """How long a request may take, waiting included, before it is answered with 504."""
    replicas: Annotated[int, Field(ge=1, le=10_000)] = 4
    """Instances of the API behind one line."""
    health_check: Duration = 30.0
    """How long it takes to notice that an instance is gone."""
    instances: tuple[LabelText, ...] = ()
    """What the instances are called, as many as `replicas`; api-1, api-2... without."""
    routes: Routes = Routes()
    """Methods and route templates by endpoint; those that are not named keep theirs."""
    service_times: ServiceTimes = ServiceTimes()
    """How long the parts of a request take in health."""
    healthy_faults: HealthyFaults = HealthyFaults()
    """Shares of requests that are answered with an error in health."""
    error_names: ErrorNames = ErrorNames()
    """What errors are called; those that are not named keep their names."""

    def instance_names(self) -> tuple[str, ...]:
        """What the instances are called.

        >>> Api(replicas=2).instance_names()
        ('api-1', 'api-2')
        """
        return self.instances or tuple(f"api-{i + 1}" for i in range(self.replicas))
