"""The dashboards of a running Grafana, with their library panels, over its HTTP API."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from simulator.errors import DashboardError
from simulator.grafana.library_panels import Library, library_panels
from simulator.grafana.model import Dashboard
from simulator.grafana.parsing import dashboard_from
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.failures import refusal
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.quoting import quoted
from simulator.reading.json_text import json_in

__all__ = ["GRAFANA", "TOKEN_VARIABLE", "GrafanaDashboards", "grafana_dashboards"]

GRAFANA: Final = Service("Grafana", "SIMULATOR_GRAFANA", ExchangeErrors.all(DashboardError))
TOKEN_VARIABLE: Final = "SIMULATOR_GRAFANA_TOKEN"  # noqa: S105 - a name, no secret
"""The environment variable with a service account's token."""

_ONE: Final = re.compile(r"(.*)/d/([A-Za-z0-9_-]{1,40})(/.*)?")
_SECONDS: Final = 30.0
_PER_PAGE: Final = 500
_MOST_PAGES: Final = 20


@dataclass(frozen=True, slots=True)
class GrafanaDashboards:
    """The dashboards of a Grafana, and those that cannot be read: uid and reason."""

    dashboards: tuple[Dashboard, ...]
    skipped: tuple[tuple[str, str], ...] = ()


def grafana_dashboards(url: str, environ: Mapping[str, str] = os.environ) -> GrafanaDashboards:
    """The dashboards of the Grafana at `url`, by title; the one alone whose own address it is.

    The token of a service account is read from SIMULATOR_GRAFANA_TOKEN, a user and a password from
    SIMULATOR_GRAFANA_USERNAME and _PASSWORD, or from the URL.

    Raises:
        DashboardError: nothing answers, it denies access, is no Grafana, has no dashboard, or none
            that can be read.
    """
    base, uid = _address(url)
    endpoint = Endpoint.from_environment(base, environ, of=GRAFANA)
    token = environ.get(TOKEN_VARIABLE) or ""
    with Session(endpoint, timeout_seconds=_SECONDS, most_bytes=16 * MEBIBYTE) as session:
        server = _Server(session, token)
        library = server.library()
        uids = [uid] if uid else list(server.uids())
        if not uids:
            raise DashboardError(f"Grafana {endpoint.url} shows no dashboard to whom asks")
        return _readable(server, uids, library)


def _readable(server: "_Server", uids: Sequence[str], library: Library) -> GrafanaDashboards:
    found: list[Dashboard] = []
    skipped: list[tuple[str, str]] = []
    for uid in uids:
        document = server.asked(f"/api/dashboards/uid/{quote(uid)}")
        try:
            found.append(dashboard_from(document, library))
        except DashboardError as error:
            skipped.append((uid, str(error)))
    if not found:
        uid, reason = skipped[0]
        raise DashboardError(f"dashboard {quoted(uid)}: {reason}")
    return GrafanaDashboards(tuple(found), tuple(skipped))


def _address(url: str) -> tuple[str, str]:
    """The server's own address and, where the URL is a dashboard's, its uid.

    >>> _address("http://g:3000/base/d/abc/my-board?orgId=1"), _address("http://g:3000/")
    (('http://g:3000/base', 'abc'), ('http://g:3000/', ''))
    """
    parts = urlsplit(url)
    found = _ONE.fullmatch(parts.path)
    if found is None:
        return url, ""
    return urlunsplit((parts.scheme, parts.netloc, found[1], "", "")), found[2]


class _Server:
    """Questions to one Grafana."""

    def __init__(self, session: Session, token: str) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def asked(self, path: str) -> object:
        """The JSON that a GET of a path gives."""
        answer = self._session.exchange("GET", path, headers=self._headers)
        request = f"GET {path.partition('?')[0]}"
        if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise DashboardError(
                f"Grafana {self._session.endpoint.url} denies {request} ({answer.status}); "
                f"set {TOKEN_VARIABLE} to the token of a service account that may view dashboards"
            )
        if not answer.is_success:
            raise refusal(self._session.endpoint, request, answer)
        text = answer.body.decode(errors="replace")
        where = f"Grafana {self._session.endpoint.url}{path}"
        return json_in(text, where, error=DashboardError, has_unique_keys=False)

    def uids(self) -> Iterator[str]:
        """The dashboards that the asking one may see, in Grafana's order: by title."""
        for page in range(1, _MOST_PAGES + 1):
            found = self._listed(f"/api/search?type=dash-db&limit={_PER_PAGE}&page={page}")
            yield from (str(one["uid"]) for one in found if one.get("uid"))
            if len(found) < _PER_PAGE:
                return

    def library(self) -> Library:
        """The library panels, by uid and by name; none where it does not say."""
        try:
            found = self.asked(f"/api/library-elements?kind=1&perPage={_PER_PAGE}")
        except DashboardError:  # an older Grafana, or a token that may not see them
            return {}
        result = found.get("result") if isinstance(found, dict) else None
        elements = result.get("elements") if isinstance(result, dict) else None
        return library_panels(elements if isinstance(elements, list) else [])

    def _listed(self, path: str) -> list[dict[str, object]]:
        found = self.asked(path)
        if not isinstance(found, list):
            where = f"{self._session.endpoint.url}{path.partition('?')[0]}"
            raise DashboardError(f"Grafana {where} gives no list: is there a Grafana?")
        return [one for one in found if isinstance(one, dict)]
