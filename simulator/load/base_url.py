"""Where a test sends its requests: the base URL that --host or the web form gives."""

import re
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from simulator.errors import SimulatorError
from simulator.http.endpoint import url_parts
from simulator.http.loopback import is_loopback
from simulator.quoting import quoted

__all__ = ["base_url", "is_in_clear"]

_NO_URL: Final = re.compile(r"[<>\"\\]|[^ -~]")  # what no URL holds unless it is escaped


def base_url(given: str, *, source: str) -> str:
    """The URL that paths are put behind: without blanks around it and without a slash at the end.

    Args:
        given: as it was typed; a path in it, under which the API lies, is kept.
        source: names it in messages, such as "--host".

    Raises:
        SimulatorError: not an http or https URL with a host; or with a query, a fragment, or a
            user's name or password, which the web page and the list of processes would show.

    >>> base_url(" http://127.0.0.1:8000/scoring/ ", source="--host")
    'http://127.0.0.1:8000/scoring'
    >>> base_url("localhost:8000", source="--host")
    Traceback (most recent call last):
      ...
    simulator.errors.SimulatorError: --host is 'localhost:8000': \
give a base URL such as http://127.0.0.1:8000 or https://scoring.example/api
    """
    url = given.strip()
    parts = None if _NO_URL.search(url) else url_parts(url)
    if "@" in given:
        raise SimulatorError(
            f"{source} holds a user's name or password, which everybody sees in the web page and "
            "in the list of processes: give the URL without it"
        )
    if parts is None:
        raise SimulatorError(
            f"{source} is {quoted(given)}: give a base URL such as http://127.0.0.1:8000 "
            "or https://scoring.example/api"
        )
    if parts.query or parts.fragment or url[-1] in "?#":
        raise SimulatorError(
            f"{source} is {quoted(given)}: paths are put behind it, so it cannot have a query "
            "or a fragment"
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def is_in_clear(url: str) -> bool:
    """Whether what is sent to a base URL leaves this machine without encryption.

    >>> hosts = ("http://a.example/x", "https://a.example", "http://[::1]:8000", "http://localhost")
    >>> [is_in_clear(host) for host in hosts]
    [True, False, False, False]
    """
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")
