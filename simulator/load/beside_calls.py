"""Routes beside the endpoints as users call them: stubs, and whether the platform is up."""

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import quote

from simulator.api.worded_templates import written_answer
from simulator.load.application_shape import ApplicationShape
from simulator.load.calls import Call
from simulator.load.expected import Expected
from simulator.load.request_shape import RequestShape
from simulator.mapping.api_part import ApiPart, ApiRoute
from simulator.mapping.application import Application
from simulator.scenario.vocabulary import ENDPOINTS

__all__ = ["calls_beside"]

_PATTERN: Final = frozenset("*?[")
_UP: Final = {"status": str, "version": str}


def calls_beside(api: ApiPart, asked: Collection[str]) -> dict[str, Call]:
    """Those of the mapping's routes that are asked for as `METHOD /path`, by that."""
    found: dict[str, Call] = {}
    for route in api.routes:
        for form in (route.route, *route.also):
            if form in asked and route.endpoint not in ENDPOINTS:
                found[form] = _call(route, form, api)
    return found


def _call(route: ApiRoute, form: str, api: ApiPart) -> Call:
    method, _, path = form.partition(" ")
    application = api.application or Application(answer=None)
    address, gaps = _filled(path, {} if route.stub is None else route.stub.known)
    status = 200 if route.stub is None else route.stub.status
    body = written_answer(route, None) if route.stub is None else route.stub.body
    return Call(
        endpoint=None,
        method=method,
        route=path,
        request=RequestShape(address, {}, base=route.sends, beside={**gaps, **route.beside}),
        expected=Expected(body, {} if route.stub else _UP),
        application=ApplicationShape(application),
        words=api.words.decision,
        is_open=route.open or api.authentication is None,
        status=status,
        is_silent=body is None,
    )


def _filled(path: str, known: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The path with the keys that there are, and the gaps that are left: an applicant's key."""
    gaps: dict[str, str] = {}
    for name in (piece.partition("}")[0] for piece in path.split("{")[1:]):
        key = known.get(name, "*")
        if _PATTERN & set(key):
            gaps[f"path:{name}"] = "{applicant_id}"
        else:
            path = path.replace(f"{{{name}}}", quote(key, safe=""))
    return path, gaps
