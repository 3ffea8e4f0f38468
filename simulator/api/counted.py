"""As which endpoint of the platform requests are counted."""

from simulator.mapping.api_part import HEALTH, ApiPart, ApiRoute
from simulator.scenario.platform.api import Routes
from simulator.scenario.vocabulary import Endpoint

__all__ = ["counted_endpoints"]


def counted_endpoints(platform: Routes, api: ApiPart) -> dict[tuple[str, str], Endpoint]:
    """The endpoint as which requests to a route are counted, by method and path.

    What a mapping's route answers to HEAD and OPTIONS is counted as itself.
    """
    found: dict[tuple[str, str], Endpoint | None] = {
        route: endpoint for endpoint, route in platform.by_endpoint().items()
    }
    if api.authentication is not None:
        found |= dict.fromkeys(api.token_forms, api.authentication.counts_as)
    for route in api.routes:
        counts_as = _of(route)
        for method, path in route.forms:
            found[method, path] = counts_as
            found.setdefault(("OPTIONS", path), counts_as)
            if method == "GET":
                found["HEAD", path] = counts_as
    return {route: endpoint for route, endpoint in found.items() if endpoint is not None}


def _of(route: ApiRoute) -> Endpoint | None:
    if route.stub is not None:
        return route.stub.counts_as
    return route.counts_as if route.endpoint == HEALTH else route.endpoint
