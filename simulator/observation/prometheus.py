"""A small client of Prometheus's HTTP API."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Self
from urllib.parse import urlencode

import msgspec
import numpy as np
from urllib3.util import Retry

from simulator.errors import PrometheusError
from simulator.grafana.frames import Series
from simulator.http.endpoint import Endpoint
from simulator.http.exchange_budget import MEBIBYTE
from simulator.http.failures import Answer, refusal, server_words, stranger
from simulator.http.service import ExchangeErrors, Service
from simulator.http.session import Session
from simulator.observation.query_answers import (
    Told,
    envelope_in,
    label_sets_in,
    metadata_in,
    names_in,
    series_in,
)
from simulator.quoting import shortened

__all__ = ["PROMETHEUS", "Prometheus", "UnreachablePrometheusError"]

_RETRIES = Retry(
    total=2,
    connect=0,
    read=False,  # an answer that takes too long is the query's fault; asking again costs the same
    redirect=False,
    status=2,
    status_forcelist=(502, 504),  # 503 is how Prometheus says that a query took too long
    allowed_methods=frozenset({"GET", "POST"}),  # queries change nothing
    backoff_factor=0.1,
    raise_on_status=False,
    respect_retry_after_header=False,  # it may name any time
)
_MOST_BYTES = 256 * MEBIBYTE
"""Of an answer: about 10 million points. Prometheus itself gives up at 50 million samples."""
_MOST_POINTS = 11_000
"""Per series and query: what Prometheus refuses to go beyond."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class UnreachablePrometheusError(PrometheusError):
    """No query would fare better: nothing answers, something else does, or it is not for us."""


PROMETHEUS = Service(
    "Prometheus",
    "SIMULATOR_PROMETHEUS",
    ExchangeErrors(
        address=PrometheusError,
        unreachable=UnreachablePrometheusError,
        unavailable=PrometheusError,
        too_long=PrometheusError,
        refused=PrometheusError,
        denied=UnreachablePrometheusError,
        elsewhere=UnreachablePrometheusError,
    ),
)


class Prometheus:
    """Queries to one Prometheus; a context manager that holds its connections.

    Every query raises PrometheusError with Prometheus's own message where it refuses, and where its
    answer is too slow or too long; and UnreachablePrometheusError where no query would fare better.
    A query takes at most `timeout_seconds` in all. Times are unix seconds.
    """

    def __init__(self, at: str | Endpoint, *, timeout_seconds: float = 30.0) -> None:
        self._endpoint = (
            at if isinstance(at, Endpoint) else Endpoint(url=at.rstrip("/"), service=PROMETHEUS)
        )
        self._session = Session(
            self._endpoint,
            timeout_seconds=timeout_seconds,
            most_bytes=_MOST_BYTES,
            retries=_RETRIES,
        )

    @classmethod
    def from_environment(cls, url: str) -> Self:
        """The Prometheus at a URL, with what that does not say read from the environment.

        It is waited for somewhat longer than its own limit of two minutes, of which it tells.
        """
        return cls(Endpoint.from_environment(url, of=PROMETHEUS), timeout_seconds=150.0)

    @property
    def url(self) -> str:
        """Its address, without a final slash."""
        return self._endpoint.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, and end queries that other threads wait for."""
        self._session.close()

    def query(self, expr: str, *, at: float) -> tuple[Series, ...]:
        """The series of an instant query, one point each; a scalar is one without labels."""
        return series_in(self._ask("POST", "query", {"query": expr, "time": _text(at)}))

    def query_range(
        self, expr: str, *, start: float, end: float, step_seconds: float
    ) -> tuple[Series, ...]:
        """The series from start to end, both included; points without a value are missing.

        Asked in pieces where there are more points than Prometheus answers at once.
        """
        pieces = []
        for first, last in _pieces(start, end, step_seconds):
            form = {
                "query": expr,
                "start": _text(first),
                "end": _text(last),
                "step": _text(step_seconds),
            }
            pieces.append(series_in(self._ask("POST", "query_range", form)))
        return pieces[0] if len(pieces) == 1 else _joined(pieces)

    def label_values(
        self, label: str, *, match: str = "", start: float | None = None, end: float | None = None
    ) -> tuple[str, ...]:
        """The values of a label, sorted; of the series a selector picks, within a time span."""
        return names_in(self._ask("GET", f"label/{label}/values", _span(match, start, end)))

    def label_names(
        self, *, match: str = "", start: float | None = None, end: float | None = None
    ) -> tuple[str, ...]:
        """The names of all labels, sorted; of the series a selector picks, within a time span."""
        return names_in(self._ask("GET", "labels", _span(match, start, end)))

    def metadata(self) -> dict[str, Told]:
        """The type and help of each metric of targets that are scraped."""
        return metadata_in(self._ask("GET", "metadata", {}))

    def series(
        self, match: str, *, start: float | None = None, end: float | None = None
    ) -> tuple[Mapping[str, str], ...]:
        """The label sets that a selector picks within a time span."""
        return label_sets_in(self._ask("GET", "series", _span(match, start, end)))

    def _ask(
        self, method: Literal["GET", "POST"], path: str, form: Mapping[str, str]
    ) -> msgspec.Raw:
        path, fields = f"/api/v1/{path}", urlencode(form, errors="replace")
        try:
            if method == "GET":
                answer = self._session.exchange(method, f"{path}?{fields}")
            else:
                answer = self._session.exchange(method, path, body=fields.encode(), headers=_FORM)
        except UnreachablePrometheusError:
            raise
        except PrometheusError as error:
            raise PrometheusError(f"{error} (asked {_shown(form)})") from error
        return _content(self._endpoint, f"{method} {path}", answer, form)


def _content(
    endpoint: Endpoint, request: str, answer: Answer, form: Mapping[str, str]
) -> msgspec.Raw:
    found = envelope_in(answer.body)
    if found is None:
        if answer.is_success:
            raise stranger(endpoint, request.partition(" ")[2], answer)
        raise refusal(endpoint, request, answer)
    if found.status != "success":
        said = server_words(f"{found.error_type}: {found.error}".encode(errors="replace"))
        raise PrometheusError(f"{said} (asked {_shown(form)})")
    return found.data


def _pieces(start: float, end: float, step: float) -> Iterator[tuple[float, float]]:
    """Spans of no more points than Prometheus answers at once, one after the other."""
    last_point = max(math.floor((end - start) / step + 1e-9), 0)
    for first in range(0, last_point + 1, _MOST_POINTS):
        last = min(first + _MOST_POINTS - 1, last_point)
        yield start + first * step, end if last == last_point else start + last * step


def _joined(pieces: Sequence[tuple[Series, ...]]) -> tuple[Series, ...]:
    """The series of all pieces, each whole, in the order in which Prometheus sorts them."""
    parts: dict[tuple[tuple[str, str], ...], list[Series]] = {}
    for piece in pieces:
        for one in piece:
            parts.setdefault(tuple(sorted(one.labels.items())), []).append(one)
    return tuple(
        Series(
            same[0].labels,
            np.concatenate([one.times for one in same]),
            np.concatenate([one.values for one in same]),
        )
        for _, same in sorted(parts.items())
    )


def _span(match: str, start: float | None, end: float | None) -> dict[str, str]:
    form = {"match[]": match, "start": _optional(start), "end": _optional(end)}
    return {name: value for name, value in form.items() if value}


def _optional(seconds: float | None) -> str:
    return "" if seconds is None else _text(seconds)


def _text(seconds: float) -> str:
    """Seconds with the milliseconds Prometheus keeps; never in exponent form."""
    if not math.isfinite(seconds):
        raise ValueError(f"{seconds} is not a time or a step")
    return f"{seconds:.3f}"


def _shown(form: Mapping[str, str]) -> str:
    return shortened(form.get("query") or form.get("match[]") or "all series")
