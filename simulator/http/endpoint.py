"""Where a server listens and who may ask; secrets stay out of every text."""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from urllib3.util import parse_url

from simulator.http.service import Service
from simulator.quoting import quoted

__all__ = ["Endpoint", "masked_url", "url_parts"]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A checked address: no user, password or final slash in `url`.

    Built by `parse` or `from_environment`; the user name and the password are in no repr.
    """

    url: str
    service: Service = field(repr=False)
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None

    @classmethod
    def parse(
        cls,
        url: str,
        *,
        of: Service,
        username: str | None = None,
        password: str | None = None,
        ca_file: str | None = None,
    ) -> Self:
        """The endpoint at `url`; a user and password inside it go before the arguments.

        `ca_file` is a PEM file of authorities to trust instead of the machine's; it only matters
        with https.

        Raises:
            SimulatorError: the service's own for addresses: not an http or https URL with a host,
                a user without a password or the other way round, a CA file that cannot be read.

        >>> from simulator.errors import PushgatewayError
        >>> from simulator.http.service import ExchangeErrors
        >>> errors = ExchangeErrors.all(PushgatewayError)
        >>> gateway = Service("Pushgateway", "SIMULATOR_PUSHGATEWAY", errors)
        >>> Endpoint.parse("https://ada:secret@push.example:9091/", of=gateway)
        Endpoint(url='https://push.example:9091', ca_file=None)
        >>> Endpoint.parse("ftp://ada:secret@push.example", of=gateway)
        Traceback (most recent call last):
          ...
        simulator.errors.PushgatewayError: Pushgateway URL 'ftp://***@push.example': \
expected http://HOST:PORT or https://HOST:PORT
        """
        bare_url, url_username, url_password = _split_url(url, of)
        username, password = url_username or username, url_password or password
        _check_credentials(bare_url, username, password, of)
        _check_ca_file(ca_file, of)
        return cls(url=bare_url, service=of, username=username, password=password, ca_file=ca_file)

    @classmethod
    def from_environment(
        cls, url: str, environ: Mapping[str, str] = os.environ, *, of: Service
    ) -> Self:
        """The endpoint at `url`, with what the URL does not say read from the environment.

        The variables of a Pushgateway are SIMULATOR_PUSHGATEWAY_USERNAME,
        SIMULATOR_PUSHGATEWAY_PASSWORD and SIMULATOR_PUSHGATEWAY_CA_FILE, and the like for others;
        an empty one counts as not set.

        Raises:
            SimulatorError: as `parse`.
        """
        return cls.parse(
            url,
            of=of,
            username=environ.get(of.username_variable) or None,
            password=environ.get(of.password_variable) or None,
            ca_file=environ.get(of.ca_file_variable) or None,
        )


def url_parts(url: str) -> SplitResult | None:
    """The parts of an http or https URL with a host that can be asked for; None of anything else.

    >>> [url_parts(url) is None for url in ("http://[::1]:8000/a", "h:8000", "http://h:0")]
    [False, True, True]
    """
    try:
        parts = urlsplit(url)
        address = parse_url(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
        (address.host or "").encode("idna")  # each label of a name at most 63 long
        is_usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # of urllib and of urllib3; their texts may repeat a password
        return None
    return parts if is_usable and url.isprintable() and " " not in url else None


def masked_url(url: str) -> str:
    """The URL, fit to be shown: all before the last @ and all of a query are hidden.

    It cuts text and parses nothing, so that it also hides secrets in URLs that cannot be parsed.

    >>> masked_url("http://ada:pa/ss@127.0.0.1:9091/prefix")
    'http://***@127.0.0.1:9091/prefix'
    >>> masked_url("http://127.0.0.1:9091?token=secret")
    'http://127.0.0.1:9091?***'
    """
    before, at, after = url.rpartition("@")
    if at:
        scheme = _SCHEME.match(before)
        after = f"{scheme.group() if scheme else ''}***@{after}"
    return re.sub(r"([?#]).*", r"\1***", after, count=1, flags=re.DOTALL)


def _split_url(url: str, of: Service) -> tuple[str, str | None, str | None]:
    """The URL without its user and password, the user name, the password."""
    problem = of.errors.address(
        f"{of.name} URL {quoted(masked_url(url))}: expected http://HOST:PORT or https://HOST:PORT"
    )
    parts = url_parts(url)
    if parts is None or parts.query or parts.fragment:
        raise problem
    address = parts.netloc.rpartition("@")[2]
    bare_url = urlunsplit((parts.scheme, address, parts.path.rstrip("/"), "", ""))
    return bare_url, unquote(parts.username or ""), unquote(parts.password or "")


def _check_credentials(
    bare_url: str, username: str | None, password: str | None, of: Service
) -> None:
    if bool(username) != bool(password):
        found, missing = ("a user name", "a password") if username else ("a password", "a user")
        raise of.errors.address(
            f"{of.name} {bare_url}: {found} without {missing}; "
            f"set both {of.username_variable} and {of.password_variable}, or neither"
        )
    if username and ":" in username:  # RFC 7617, section 2: the first colon ends the user name
        raise of.errors.address(
            f"{of.name} {bare_url}: the user name holds a colon, which basic authentication "
            f"cannot carry; change {of.username_variable}"
        )


def _check_ca_file(ca_file: str | None, of: Service) -> None:
    if ca_file is None:
        return
    try:
        ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:  # ssl.SSLError is the former; a NUL byte the latter
        reason = getattr(error, "strerror", None) or error
        raise of.errors.address(
            f"{of.name} CA file {quoted(ca_file)} cannot be used ({reason}); "
            f"give a readable file of PEM certificates in {of.ca_file_variable}"
        ) from error
