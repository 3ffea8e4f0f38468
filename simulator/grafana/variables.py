"""Dashboard variables: what they stand for, and their replacement in a text."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

from simulator.errors import DashboardError, SimulatorError
from simulator.grafana.intervals import duration_milliseconds, interval_text, rounded_interval
from simulator.grafana.model import Dashboard, Variable
from simulator.grafana.variable_parsing import ALL
from simulator.quoting import quoted

__all__ = [
    "Binding",
    "Bindings",
    "Given",
    "bind_variables",
    "bound_to",
    "names_in",
    "substitute",
    "variable_names",
]

Given = Mapping[str, str | Sequence[str]]
"""Values by variable name, as a person gives them; `$__all` chooses all."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The chosen values of a variable; `text` is what "${x:text}" shows.

    `error` says why nobody knows them: its query is refused, or asks another data source. `query`
    is what was asked for its options, "" where nobody was.
    """

    values: tuple[str, ...]
    text: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    is_regex: bool = False
    all_value: str = ""
    error: SimulatorError | None = None
    query: str = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The values themselves: every option where all are chosen."""
        return self.options if ALL in self.values else self.values


Bindings = Mapping[str, Binding]

_REFERENCE = re.compile(
    r"\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}", re.ASCII
)


def bind_variables(
    variables: Sequence[Variable],
    given: Given,
    *,
    span_ms: float,
    options: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Binding]:
    """What each variable stands for: the given value, else the saved one, else the first option.

    `options` are the values found for query variables; a saved value that is not among them is
    replaced by the first. A given name that the dashboard does not have is bound all the same.
    `span_ms` is the time range, which an interval variable on "auto" is derived from.

    >>> window = Variable("window", "custom", current=("15m",), options=("6s", "15m"))
    >>> bind_variables([window], {}, span_ms=0)["window"].values
    ('15m',)
    >>> bind_variables([window], {"window": "6s"}, span_ms=0)["window"].values
    ('6s',)
    """
    bound = {
        variable.name: _binding(variable, (options or {}).get(variable.name), span_ms)
        for variable in variables
    }
    known = {variable.name: variable for variable in variables}
    for name, value in given.items():
        values = (value,) if isinstance(value, str) else tuple(value)
        before = bound.get(name, Binding(()))
        is_regex = before.is_regex or (name not in known and len(values) > 1)
        bound[name] = Binding(values, (), before.options, is_regex, before.all_value)
    return bound


def variable_names(dashboard: Dashboard) -> frozenset[str]:
    """The variables that a dashboard has, and those that its queries ask for all the same.

    >>> variable_names(Dashboard("a", "A", (), (Variable("window", "custom"),)))
    frozenset({'window'})
    """
    texts = [
        text
        for panel in dashboard.panels
        for text in (panel.title, panel.interval, *(target.expr for target in panel.targets))
    ]
    named = {variable.name for variable in dashboard.variables}
    # Grafana's own begin with two underscores, and $1 is a group of label_replace
    return frozenset(named | {name for name in names_in(texts) if not re.match("__|[0-9]", name)})


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """The names that texts refer to.

    >>> sorted(names_in(["up{a='$a'}", "${b:regex} [[c]]"]))
    ['a', 'b', 'c']
    """
    found = (match for text in texts for match in _REFERENCE.finditer(text))
    return frozenset(match[1] or match[2] or match[4] for match in found)


def bound_to(bindings: Bindings, name: str, value: str) -> dict[str, Binding]:
    """The bindings with one variable at a single value, as in a repeated panel."""
    before = bindings[name]
    return {**bindings, name: Binding((value,), (value,), before.options, before.is_regex)}


def _binding(variable: Variable, found: Sequence[str] | None, span_ms: float) -> Binding:
    options = variable.options if found is None else tuple(found)
    values, text = variable.current, variable.current_text
    if variable.type == "constant" or (variable.type == "textbox" and not values):
        values, text = (variable.query,), ()
    elif found is not None or not values:
        values, text = _valid(variable, options)
    if variable.type == "interval" and values and values[0].startswith("$__auto"):
        values, text = (_automatic_interval(variable, span_ms),), ()
    return Binding(
        values, text, options, variable.multi or variable.include_all, variable.all_value
    )


def _valid(variable: Variable, options: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The saved values that are among the options, else all of them, else the first one.

    As in grafana/scenes packages/scenes/src/variables/variants/MultiValueVariable.ts.
    """
    if ALL in variable.current and variable.include_all:
        return (ALL,), variable.current_text
    kept = tuple(value for value in variable.current if value in options)
    if kept:
        return kept, variable.current_text if len(kept) == len(variable.current) else ()
    by_text = tuple(text for text in variable.current_text if text in options)
    if by_text and not variable.multi:
        return by_text[:1], ()
    return ((ALL,) if variable.include_all else tuple(options[:1])), ()


def _automatic_interval(variable: Variable, span_ms: float) -> str:
    shortest = duration_milliseconds(variable.auto_min)
    return interval_text(max(rounded_interval(span_ms / variable.auto_count), shortest))


def substitute(
    text: str,
    bindings: Bindings,
    *,
    style: Literal["promql", "plain"] = "plain",
    field: Callable[[str, str], str | None] | None = None,
) -> str:
    r"""The text with `$x`, `${x}`, `${x:format}` and `[[x]]` replaced; unknown names stay.

    `style` decides where a reference names no format: PromQL escaping, or plain text with
    several values as `{a,b}`. `field` may answer for names of its own, given name and path.

    >>> jobs = {"job": Binding(("a.b", "c"), is_regex=True)}
    >>> print(substitute('up{job=~"$job"} $nope', jobs, style="promql"))
    up{job=~"(a\\.b|c)"} $nope
    """

    def value_of(match: re.Match[str]) -> str:
        plain, square, square_format, braced, path, braced_format = match.groups()
        name = plain or square or braced
        special = field(name, path or "") if field else None
        if special is not None:
            return special
        if name not in bindings or path:
            return match[0]
        return _written(bindings[name], square_format or braced_format, style)

    return _REFERENCE.sub(value_of, text)


def _written(binding: Binding, wanted: str | None, style: str) -> str:
    if ALL in binding.values and binding.all_value:
        return binding.all_value  # the author's own text, never escaped
    if wanted == "text" and binding.text:
        return " + ".join(binding.text)
    if wanted and wanted.startswith("date"):
        return _date(next(iter(binding.chosen), ""), wanted.partition(":")[2])
    if wanted in _FORMATS:
        return _FORMATS[wanted](binding.chosen)
    return _promql(binding) if style == "promql" else _FORMATS["glob"](binding.chosen)


def _date(milliseconds: str, wanted: str) -> str:
    """A time such as `$__from` in a format of Grafana's, of which dates in UTC are read.

    >>> _date("1767225600000", ""), _date("1767225600000", "seconds")
    ('2026-01-01T00:00:00.000Z', '1767225600')
    """
    try:
        moment = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return milliseconds  # a variable of another kind
    if wanted == "seconds":
        return str(int(milliseconds) // 1000)
    if wanted in {"", "iso"}:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise DashboardError(f"the date format {quoted(wanted)} is not read; take iso or seconds")


_REGEX_SPECIAL = re.compile(r"[\\^$*+?.()|[\]{}/]")
_PROMQL_SPECIAL = re.compile(r"[$^*{}\[\]+?.()|]")


def _promql(binding: Binding) -> str:
    """As the Prometheus data source escapes: as is for a single choice, else as a regex."""
    if not binding.is_regex:
        return ",".join(binding.chosen).replace("\\", "\\\\").replace("'", "\\\\'")
    values = [
        _PROMQL_SPECIAL.sub(lambda match: "\\\\" + match[0], value.replace("\\", "\\\\\\\\"))
        for value in binding.chosen
    ]
    return values[0] if len(values) == 1 else f"({'|'.join(values)})"


def _regex(values: Sequence[str]) -> str:
    escaped = [_REGEX_SPECIAL.sub(lambda match: "\\" + match[0], value) for value in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def _quoted(mark: str) -> Callable[[Sequence[str]], str]:
    return lambda values: ",".join(
        mark + value.replace(mark, "\\" + mark) + mark for value in values
    )


_FORMATS: dict[str | None, Callable[[Sequence[str]], str]] = {
    "raw": ",".join,
    "csv": ",".join,
    "pipe": "|".join,
    "text": " + ".join,
    "glob": lambda values: f"{{{','.join(values)}}}" if len(values) > 1 else "".join(values),
    "regex": _regex,
    "json": lambda values: json.dumps(list(values) if len(values) != 1 else values[0]),
    "doublequote": _quoted('"'),
    "singlequote": _quoted("'"),
    "percentencode": lambda values: quote(",".join(values), safe="!'()*-._~"),
}
