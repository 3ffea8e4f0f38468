"""What users call of a platform: the routes that its mapping has, or the simulation's own."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from simulator.api.worded_templates import written_answer, written_model
from simulator.load.answer_types import answer_types
from simulator.load.application_shape import ApplicationShape
from simulator.load.beside_calls import calls_beside
from simulator.load.calls import LISTED, OF_DECISIONS, Call
from simulator.load.expected import Expected, ListOf
from simulator.load.own_api import own_api
from simulator.load.request_shape import RequestShape
from simulator.mapping.api_part import ApiPart, ApiRoute
from simulator.mapping.application import Application, ReviewPlaces
from simulator.mapping.load_part import Task
from simulator.mapping.places import parsed, put_at
from simulator.scenario.baseline import Platform
from simulator.scenario.platform.policy import Policy
from simulator.scenario.vocabulary import ENDPOINTS, Endpoint

__all__ = ["Calls", "calls_of"]

_OWN_REFUSAL: Final = Expected({"detail": None}, {})
_OWN_MISTAKES: Final = (("features.age", 17), ("features.amount", None))  # too young, or left out


@dataclass(frozen=True)
class Calls:
    """All of them by what they do, and of the endpoints that are not called, the reasons."""

    by_task: Mapping[Task, Call]
    missing: Mapping[Task, str]


def calls_of(api: ApiPart, platform: Platform, beside: Collection[Task] = ()) -> Calls:
    """What users of a platform call: routes of its API as a mapping has it.

    Where that has no route of any endpoint, they are those of the simulation's own API. `beside`
    are other routes of the mapping, as `METHOD /path`.

    >>> list(calls_of(ApiPart(), Platform()).by_task)[:3]
    ['score', 'batch', 'decision']
    """
    is_own = not any(route.endpoint in ENDPOINTS for route in api.routes)
    known = own_api(platform.api.routes) if is_own else api
    policy = _spelled_out(platform.policy) if is_own else platform.policy
    found: dict[Endpoint, Call] = {}
    missing: dict[Endpoint, str] = {}
    for endpoint in ENDPOINTS:
        route = next((r for r in known.routes if r.endpoint == endpoint), None)
        application = (route and route.application) or known.application
        if route is None:
            missing[endpoint] = "no route"
        elif application is None:
            missing[endpoint] = "no application is said"
        else:
            call = _call(endpoint, route, application, known, policy)
            if call.request.open_keys:
                missing[endpoint] = f"nothing says what {{{call.request.open_keys[0]}}} is"
            else:
                found[endpoint] = _as_ours(call) if is_own else call
    missing |= _without_keys(found)
    kept: dict[Task, Call] = {e: call for e, call in found.items() if e not in missing}
    reasons: dict[Task, str] = dict(missing.items())
    return Calls(kept | calls_beside(api, beside), reasons)


def _as_ours(call: Call) -> Call:
    """The simulation's own API knows what a feature can be, and says why it refuses."""
    mistakes = _OWN_MISTAKES if call.endpoint == "score" else ()
    return replace(call, is_own=True, mistakes=mistakes, refusal=_OWN_REFUSAL)


def _without_keys(found: Mapping[Endpoint, Call]) -> Mapping[Endpoint, str]:
    """Endpoints that need a key of a decision or an applicant which no answer and request has."""
    scoring = [found[e] for e in ("score", "batch") if e in found]
    missing: dict[Endpoint, str] = {}
    if not any(call.expected.says("decision_id") for call in scoring):
        missing |= dict.fromkeys(OF_DECISIONS & found.keys(), "answers hold no {decision_id}")
    if "erasure" in found and not any(call.application.has_applicant for call in scoring):
        missing["erasure"] = "applications hold no applicant's key"
    return missing


def _spelled_out(policy: Policy) -> Policy:
    """The same with its usual range and levels said, which the simulator's own API keeps to."""
    said = {"score_range": policy.score_range, "risk_levels": policy.levels()}
    return policy.model_copy(update=said)


def _call(
    endpoint: Endpoint, route: ApiRoute, application: Application, api: ApiPart, policy: Policy
) -> Call:
    method, path = route.address
    shape = ApplicationShape(application)
    types = answer_types(api, application, policy)
    types["models"] = ListOf(written_model(route), least=1)
    if endpoint == "explanation":  # which is asked for the reasons; an acceptance may have none
        types["reasons"] = ListOf(application.reason, least=1)
    key = application.applicant
    item = None
    if endpoint == "batch":
        item = RequestShape("", shape.places, base=application.sends, written=shape.written)
    return Call(
        endpoint=endpoint,
        method=method,
        route=path,
        request=_request(endpoint, route, application, shape),
        expected=Expected(_answer(endpoint, route, application), types),
        application=shape,
        words=api.words.decision,
        item=item,
        most=route.most if endpoint == "batch" else 1,
        is_open=route.open or api.authentication is None,
        mistakes=() if key is None or parsed(key).part != "body" else ((key, None),),
    )


def _request(
    endpoint: Endpoint, route: ApiRoute, application: Application, shape: ApplicationShape
) -> RequestShape:
    with_path = partial(RequestShape, route.address[1], beside=route.beside)
    if endpoint == "score":
        return with_path(shape.places, base=application.sends, written=shape.written)
    if endpoint == "batch":
        if route.applications is None:
            return with_path({}, base=f"{{{LISTED}}}")
        return with_path({LISTED: route.applications}, base=route.sends)
    places = {} if endpoint == "models" else {"key": _key_place(route)}
    if endpoint == "review":
        review = route.review or ReviewPlaces()
        if review.reviewer is not None:
            places["reviewer"] = review.reviewer
        places["decision"] = review.decision
    return with_path(places, base=route.sends)


def _key_place(route: ApiRoute) -> str:
    """Where a key lies: at the route's own place, or as the one key of its path."""
    name = route.address[1].partition("{")[2].partition("}")[0]
    return route.key or f"path:{name}"


def _answer(endpoint: Endpoint, route: ApiRoute, application: Application) -> object:
    """The template of an answer, with lists of what is alike."""
    match endpoint:
        case "score":
            return application.answer
        case "batch":
            listed = ListOf(application.answer, holds_decisions=True)
            if route.decisions is None:
                return listed
            # put_at puts whatever it is given
            return put_at(deepcopy(route.answer), parsed(route.decisions).steps, listed)  # type: ignore[arg-type]
    return written_answer(route, application)
