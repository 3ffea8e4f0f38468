"""The simulation's own API, said as a mapping says that of others."""

from typing import Final

from pydantic import JsonValue

from simulator.api.schemas import Decision
from simulator.mapping.api_part import ApiPart, ApiRoute
from simulator.mapping.application import Application, ChannelPlace, ReviewPlaces, Words
from simulator.mapping.feature_place import FeaturePlace
from simulator.scenario.platform.api import Routes
from simulator.scenario.platform.policy import DecisionNames
from simulator.scenario.vocabulary import CHANNELS, FEATURES, Endpoint

__all__ = ["own_api"]

_APPLICATION: Final = Application(
    channels=ChannelPlace(at="channel", values={channel: channel for channel in CHANNELS}),
    applicant="applicant.applicant_id",
    features={feature: FeaturePlace(at=f"features.{feature}") for feature in FEATURES},
    answer={name: f"{{{name}}}" for name in Decision.model_fields},
    reason={name: f"{{{name}}}" for name in ("feature", "value", "contribution")},
)
_REASONS: Final[JsonValue] = {
    **{name: f"{{{name}}}" for name in ("decision_id", "decision", "score", "reasons")},
    "human_review": "how to have a person decide",
}


def own_api(routes: Routes) -> ApiPart:
    """That API, at a platform's routes.

    >>> [route.endpoint for route in own_api(Routes()).routes][:3]
    ['score', 'batch', 'decision']
    """
    return ApiPart(
        application=_APPLICATION,
        words=Words(decision=DecisionNames()),
        routes=tuple(
            _route(endpoint, f"{method} {path}")
            for endpoint, (method, path) in routes.by_endpoint().items()
        ),
    )


def _route(endpoint: Endpoint, route: str) -> ApiRoute:
    match endpoint:
        case "batch":
            return ApiRoute(
                route=route,
                endpoint=endpoint,
                applications="applications",
                decisions="decisions",
                sends={"channel": "{channel}"},
            )
        case "explanation":
            return ApiRoute(route=route, endpoint=endpoint, answer=_REASONS)
        case "review":
            places = ReviewPlaces(reviewer="reviewer", decision="decision")
            return ApiRoute(route=route, endpoint=endpoint, review=places)
    return ApiRoute(route=route, endpoint=endpoint)
