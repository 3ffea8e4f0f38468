"""Which route a request is for, by its method and path."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar

__all__ = ["RouteTable"]

_T = TypeVar("_T")
_KEY: Final = re.compile(r"\{([^}]*)\}")


class RouteTable(Generic[_T]):
    """What belongs to a route, by its method and the template of its path.

    >>> table = RouteTable([("GET", "/limits/{id}", "limits"), ("GET", "/limits/all", "all")])
    >>> table.find("GET", "/limits/c-7")
    ('limits', '/limits/{id}', {'id': 'c-7'})
    >>> table.find("GET", "/limits/all")
    ('all', '/limits/all', {})
    >>> table.methods("/limits/7"), table.find("POST", "/limits/all")
    (['GET'], None)
    """

    def __init__(self, routes: Iterable[tuple[str, str, _T]]) -> None:
        self._plain: dict[tuple[str, str], tuple[_T, str, Mapping[str, str]]] = {}
        self._keyed: list[tuple[str, re.Pattern[str], str, _T]] = []
        for method, path, found in routes:
            if _KEY.search(path):
                self._keyed.append((method, _pattern(path), path, found))
            else:
                self._plain[method, path] = (found, path, {})

    def find(self, method: str, path: str) -> tuple[_T, str, Mapping[str, str]] | None:
        """What belongs to the route of a request, its template, and the keys in its path."""
        if (found := self._plain.get((method, path))) is not None:
            return found
        for its, pattern, template, of_it in self._keyed:
            if its == method and (match := pattern.fullmatch(path)):
                return of_it, template, match.groupdict()
        return None

    def methods(self, path: str) -> list[str]:
        """The methods that a path has, sorted."""
        known = {method for method, _ in self._plain} | {method for method, *_ in self._keyed}
        return sorted(method for method in known if self.find(method, path) is not None)


def _pattern(path: str) -> re.Pattern[str]:
    texts = _KEY.split(path)
    parts = [f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(texts)]
    return re.compile("".join(parts))
