"""How users show who they are: a key, or a token that they ask for.

Secrets come from the environment. None of them stands on a command line, in a log, or in the text
of a failure.
"""

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from time import monotonic
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus, urlencode

from gevent.lock import RLock
from pydantic import JsonValue

from simulator.errors import SimulatorError
from simulator.mapping.answer_values import CREDENTIALS
from simulator.mapping.api_part import Authentication
from simulator.mapping.places import value_at
from simulator.mapping.templates import parts_of

__all__ = ["Login", "TokenError", "TokenRequest"]

_TOKEN_VARIABLE: Final = "SIMULATOR_API_TOKEN"  # noqa: S105 - a name
_KEY_VARIABLE: Final = "SIMULATOR_API_KEY"
_IN_HEADERS: Final = re.compile(r"[!-~]{1,16384}").fullmatch
_ANYTHING: Final = "simulated"  # which the built-in platform takes for good
_EARLY_RATIO, _EARLY_SECONDS = 0.1, 30.0  # before its end that a token is renewed, the smaller one


class TokenError(ValueError):
    """An answer without a token; its text says what is not in it, and nothing of what is."""


class TokenRequest(NamedTuple):
    """What asks for a token; Locust counts it under its route."""

    method: str
    route: str
    address: str
    body: str | None
    headers: Mapping[str, str]


class Login:
    """What all users of a process show.

    Args:
        asked: what the API asks for.
        environ: where secrets are.
        is_built_in: whether it is the built-in platform, which takes any.
        clock: gives seconds that only rise.

    Raises:
        SimulatorError: a variable is missing, or holds what no header carries.

    >>> asked = Authentication(kind="api-key", header="X-Key")
    >>> Login(asked, {"SIMULATOR_API_KEY": "k1"}).headers
    {'X-Key': 'k1'}
    """

    def __init__(
        self,
        asked: Authentication,
        environ: Mapping[str, str] = os.environ,
        *,
        is_built_in: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.turn = RLock()  # one user asks for a token, and the others wait for it
        self._asked = asked
        self._clock = clock
        self._headers: Mapping[str, str] | None = None
        self._good_until = float("inf")
        self.request: TokenRequest | None = None
        #: What is put behind a path; "" where nothing is.
        self.query = ""
        if asked.kind == "api-key":
            self.query, self._headers = _key(asked, environ, is_built_in=is_built_in)
        elif asked.kind == "basic":
            person = _known(environ, is_built_in=is_built_in)
            _require({"username", "password"}, person, "the mapping's API asks for a person")
            self._headers = {"Authorization": _basic(person["username"], person["password"])}
        elif asked.token is None or environ.get(_TOKEN_VARIABLE):
            shown = _shown(_TOKEN_VARIABLE, "a bearer's token", environ, is_built_in=is_built_in)
            self._headers = {"Authorization": f"Bearer {shown}"}
        else:
            self.request = _token_request(asked, asked.token, environ, is_built_in=is_built_in)
        way = _way_to_token(asked.answer)
        if way is None and self.request is not None:
            raise SimulatorError("the mapping's api.authentication.answer holds no {token}")
        self._way = way or ((), "{token}")

    @property
    def headers(self) -> Mapping[str, str] | None:
        """What is to be shown; None where a token has to be asked for first."""
        return self._headers if self._clock() < self._good_until else None

    def take(self, raw: bytes) -> None:
        """Takes the token from an answer.

        Raises:
            TokenError: there is none in it.
        """
        token, lasts = _token_in(raw, *self._way)
        seconds = self._asked.lasts_seconds if lasts is None else lasts
        early = min(_EARLY_RATIO * seconds, _EARLY_SECONDS)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._good_until = self._clock() + seconds - early

    def drop(self, headers: Mapping[str, str]) -> bool:
        """Forgets a token that was refused; False where there is no other one to be had."""
        if self.request is None:
            return False
        if headers is self._headers:  # and no other user has renewed it by now
            self._headers, self._good_until = None, float("inf")
        return True


def _shown(variable: str, what: str, environ: Mapping[str, str], *, is_built_in: bool) -> str:
    found = environ.get(variable) or (_ANYTHING if is_built_in else "")
    if not found:
        raise SimulatorError(f"the mapping's API asks for {what}: set {variable}")
    if not _IN_HEADERS(found):
        raise SimulatorError(
            f"{variable} holds blanks, control characters or letters that are not ASCII, "
            "which no header carries"
        )
    return found


def _token_request(
    asked: Authentication, route: str, environ: Mapping[str, str], *, is_built_in: bool
) -> TokenRequest:
    known = _known(environ, is_built_in=is_built_in)
    fields = dict(asked.credentials if asked.credentials is not None else _usual(known))
    named = {part for text in fields.values() for part in parts_of(text)[1::2]}
    headers = {"Content-Type": "application/json"}
    if asked.credentials_as == "basic":
        named |= {"client_id", "client_secret"}
        fields.pop("client_id", None), fields.pop("client_secret", None)
    _require(named, known, "the mapping's token asks for more")
    sent = {name: _with(text, known) for name, text in fields.items()}
    method, _, path = route.partition(" ")
    address = path if is_built_in else f"{(asked.token_host or '').rstrip('/')}{path}"
    if asked.credentials_as == "basic":  # RFC 6749, section 2.3.1
        client = (quote_plus(known["client_id"]), quote_plus(known["client_secret"]))
        headers["Authorization"] = _basic(*client)
    if method == "GET":
        return TokenRequest(method, path, address, None, headers)
    if asked.credentials_as == "json":
        return TokenRequest(method, path, address, json.dumps(sent), headers)
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return TokenRequest(method, path, address, urlencode(sent), headers)


def _known(environ: Mapping[str, str], *, is_built_in: bool) -> dict[str, str]:
    """The secrets that there are, by what mappings call them."""
    known = {name: value for name, v in CREDENTIALS.items() if (value := environ.get(v))}
    return dict.fromkeys(CREDENTIALS, _ANYTHING) | known if is_built_in else known


def _require(named: Collection[str], known: Collection[str], why: str) -> None:
    missing = [v for name, v in CREDENTIALS.items() if name in named and name not in known]
    if missing:
        raise SimulatorError(f"{why}: set {' and '.join(missing)}")


def _basic(name: str, password: str) -> str:
    """As RFC 7617 has it."""
    return f"Basic {b64encode(f'{name}:{password}'.encode()).decode()}"


def _key(
    asked: Authentication, environ: Mapping[str, str], *, is_built_in: bool
) -> tuple[str, Mapping[str, str]]:
    """A key in the query, and in headers."""
    where = asked.query or asked.cookie or asked.header
    if asked.query is not None and (key := environ.get(_KEY_VARIABLE)):
        return f"{asked.query}={quote(key, safe='')}", {}  # any text can be in a query
    key = _shown(_KEY_VARIABLE, f"a key in {where}", environ, is_built_in=is_built_in)
    if asked.query is not None:
        return f"{asked.query}={key}", {}
    return "", {"Cookie": f"{asked.cookie}={key}"} if asked.cookie else {asked.header: key}


def _usual(known: Mapping[str, str]) -> Mapping[str, str]:
    """As RFC 6749, sections 4.3 and 4.4, has them, with what there is."""
    grant = "password" if "username" in known else "client_credentials"
    return {"grant_type": grant, **{name: f"{{{name}}}" for name in CREDENTIALS if name in known}}


def _with(text: str, known: Mapping[str, str]) -> str:
    return "".join(known[part] if i % 2 else part for i, part in enumerate(parts_of(text)))


def _token_in(raw: bytes, way: Sequence[str], text: str) -> tuple[str, float | None]:
    """The token in an answer, and the seconds for which it is good if the answer says so.

    >>> _token_in(b'{"access_token": "t1", "expires_in": 60}', ["access_token"], "{token}")
    ('t1', 60.0)
    """
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise TokenError("no JSON") from None
    found, (before, _, after) = value_at(answer, way), text.partition("{token}")
    if not isinstance(found, str) or not (found.startswith(before) and found.endswith(after)):
        raise TokenError(f"no {'.'.join(way) or 'token'}")
    token = found.removeprefix(before).removesuffix(after)
    if not _IN_HEADERS(token):
        raise TokenError(f"{'.'.join(way) or 'token'} is none that a header carries")
    lasts = value_at(answer, [*way[:-1], "expires_in"])
    is_number = isinstance(lasts, int | float) and not isinstance(lasts, bool)
    return token, float(lasts) if is_number and lasts > 0 else None  # type: ignore[arg-type, operator]  # it is one


def _way_to_token(
    template: JsonValue, way: tuple[str, ...] = ()
) -> tuple[Sequence[str], str] | None:
    """Where in an answer the token is, and the text that it is in."""
    match template:
        case str() if "token" in parts_of(template)[1::2]:
            return way, template
        case dict():
            inside = (_way_to_token(one, (*way, name)) for name, one in template.items())
            return next(filter(None, inside), None)
    return None
