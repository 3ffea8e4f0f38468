"""A small client of Prometheus's HTTP API."""

import math
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Literal, Self

import numpy as np
import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.util.retry import Retry

from simulator.errors import PrometheusError
from simulator.grafana.frames import Series
from simulator.metrics.endpoint import Endpoint

__all__ = ["Prometheus", "UnreachablePrometheusError"]

_RETRIES = Retry(
    connect=2,
    read=False,  # an answer that takes too long is the query's fault; asking again costs the same
    status=2,
    status_forcelist=(502, 504),  # 503 is how Prometheus says that a query took too long
    allowed_methods=frozenset({"GET", "POST"}),  # queries change nothing
    backoff_factor=0.1,
    raise_on_status=False,
)
_READY_TIMEOUT_SECONDS = 2.0
_SHOWN_CHARACTERS = 200
_MOST_POINTS = 11_000
"""Per series and query: what Prometheus refuses to go beyond."""


class UnreachablePrometheusError(PrometheusError):
    """Nothing answers at the address: no query would fare better."""


class Prometheus:
    """Queries to one Prometheus; a context manager that holds its connections.

    Every query raises PrometheusError with Prometheus's own message where it refuses, and
    UnreachablePrometheusError where nothing listens. Times are unix seconds.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 30.0) -> None:
        self.url = url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy, no .netrc: the address is meant as it is
        adapter = HTTPAdapter(max_retries=_RETRIES)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    @classmethod
    def at(cls, endpoint: Endpoint, *, timeout_seconds: float = 120.0) -> Self:
        """The Prometheus at an endpoint, asked with its credentials."""
        client = cls(endpoint.url, timeout_seconds=timeout_seconds)
        if endpoint.username and endpoint.password:
            client._session.auth = HTTPBasicAuth(endpoint.username, endpoint.password)
        client._session.verify = endpoint.ca_file or True
        return client

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def is_ready(self) -> bool:
        """Whether it answers that it is ready to serve queries."""
        try:
            answer = self._session.get(f"{self.url}/-/ready", timeout=_READY_TIMEOUT_SECONDS)
        except requests.RequestException:
            return False
        return answer.ok

    def query(self, expr: str, *, at: float) -> tuple[Series, ...]:
        """The series of an instant query, one point each; a scalar is one without labels."""
        return _series(self._ask("POST", "query", {"query": expr, "time": _text(at)}))

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
            pieces.append(_series(self._ask("POST", "query_range", form)))
        return pieces[0] if len(pieces) == 1 else _joined(pieces)

    def label_values(
        self, label: str, *, match: str = "", start: float | None = None, end: float | None = None
    ) -> tuple[str, ...]:
        """The values of a label, sorted; of the series a selector picks, within a time span."""
        found = self._ask("GET", f"label/{label}/values", _span(match, start, end))
        return tuple(map(str, _list(found)))

    def series(
        self, match: str, *, start: float | None = None, end: float | None = None
    ) -> tuple[Mapping[str, str], ...]:
        """The label sets that a selector picks within a time span."""
        found = self._ask("GET", "series", _span(match, start, end))
        return tuple(labels for labels in _list(found) if isinstance(labels, dict))

    def _ask(self, method: Literal["GET", "POST"], path: str, form: Mapping[str, str]) -> object:
        url = f"{self.url}/api/v1/{path}"
        try:
            answer = self._session.request(
                method,
                url,
                params=form if method == "GET" else None,
                data=form if method == "POST" else None,
                timeout=self._timeout_seconds,
            )
        except requests.ConnectionError as error:
            raise UnreachablePrometheusError(
                f"nothing answers at {self.url}: is Prometheus running there?"
            ) from error
        except requests.Timeout as error:
            raise PrometheusError(
                f"{url}: no answer in {self._timeout_seconds:g} s to {_shown(form)}"
            ) from error
        except requests.RequestException as error:
            raise PrometheusError(f"{url}: {error}") from error
        return _content(answer, url, form)


def _content(answer: requests.Response, url: str, form: Mapping[str, str]) -> object:
    try:
        body = answer.json()
    except requests.JSONDecodeError as error:
        text = answer.text[:_SHOWN_CHARACTERS].strip()
        raise PrometheusError(f"{url}: HTTP {answer.status_code}, not JSON: {text!r}") from error
    if not isinstance(body, dict) or "status" not in body:
        raise PrometheusError(f"{url}: not an answer of Prometheus's API; check the address")
    if body["status"] != "success":
        kind, message = body.get("errorType", "error"), body.get("error", "no message")
        raise PrometheusError(f"{kind}: {message} (asked {_shown(form)})")
    return body.get("data")


def _series(content: object) -> tuple[Series, ...]:
    kind = content.get("resultType") if isinstance(content, dict) else None
    found = content.get("result") if isinstance(content, dict) else None
    match kind:
        case "matrix":
            return tuple(_one(entry, entry.get("values", ())) for entry in _entries(found))
        case "vector":
            return tuple(
                _one(entry, [entry["value"]] if "value" in entry else ())
                for entry in _entries(found)
            )
        case "scalar":
            return (_one({}, [_list(found)]),)
    raise PrometheusError(f"an answer of type {kind!r} holds no numbers; change the query")


def _pieces(start: float, end: float, step: float) -> Iterator[tuple[float, float]]:
    """Spans of at most so many points as Prometheus answers, one after the other."""
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


def _entries(found: object) -> list[dict[str, list[object]]]:
    entries = [entry for entry in _list(found) if isinstance(entry, dict)]
    if any("histogram" in entry or "histograms" in entry for entry in entries):
        raise PrometheusError("native histograms are not read; query their buckets or quantiles")
    return entries


def _one(entry: Mapping[str, object], points: Sequence[object]) -> Series:
    labels = entry.get("metric", {})
    # numpy parses the numbers' text itself, "NaN", "+Inf" and "-Inf" among it
    samples = np.array(points, dtype="U32").reshape(-1, 2).astype(np.float64)
    samples.setflags(write=False)
    known = {str(k): str(v) for k, v in labels.items()} if isinstance(labels, dict) else {}
    return Series(known, samples[:, 0], samples[:, 1])


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise PrometheusError(f"a list is wanted in the answer, found {type(found).__name__}")
    return found


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
    text = form.get("query") or form.get("match[]") or "all series"
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."
