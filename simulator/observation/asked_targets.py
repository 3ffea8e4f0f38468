"""The targets of a panel asked, and what its expressions make of the answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simulator.errors import DashboardError, PrometheusError
from simulator.grafana.bound_panels import BoundPanel, UnreadQueryError, require_prometheus
from simulator.grafana.expressions import ExpressionError, inputs_of, why_unread
from simulator.grafana.model import Expression, Target
from simulator.observation.asked_once import Queries
from simulator.observation.calculated import calculated
from simulator.observation.prometheus import UnreachablePrometheusError
from simulator.observation.replay import Replayed

__all__ = ["Ask", "AskedTargets", "QueryResult"]

Ask = Callable[[BoundPanel, Target, Queries], Iterable[Replayed]]
"""How a query is asked: at a moment, or over a span of time."""


@dataclass(frozen=True, slots=True, eq=False)
class QueryResult:
    """What a target gave; `error` says why it has no answer, None where it has been asked.

    `target` has its macros replaced where it has been asked; without an expression it is not.
    `queries` are those that the answers come from: its own, or all that its expression reads.
    """

    target: Target
    answers: tuple[Replayed, ...] = ()
    error: DashboardError | PrometheusError | None = None
    queries: tuple[str, ...] = ()


class AskedTargets:
    """The targets of a panel, each asked once, also where expressions read it."""

    def __init__(self, bound: BoundPanel, queries: Queries, ask: Ask) -> None:
        self._bound = bound
        self._queries = queries
        self._ask = ask
        self._known: dict[int, QueryResult] = {}
        self._by_letter = {one.ref_id: one for one in reversed(bound.panel.targets)}

    def result(self, target: Target, above: tuple[str, ...] = ()) -> QueryResult:
        """What a target gave; `above` are the expressions that it is read for."""
        if id(target) not in self._known:
            self._known[id(target)] = self._asked(target, above)
        return self._known[id(target)]

    def _asked(self, target: Target, above: tuple[str, ...]) -> QueryResult:
        try:
            if target.expression is not None:
                return self._calculated(target, above)
            if not target.expr.strip():
                require_prometheus(self._bound.panel, target)
                return QueryResult(target)
            answers = tuple(self._ask(self._bound, target, self._queries))
        except UnreachablePrometheusError:
            raise
        except (PrometheusError, DashboardError) as error:
            return QueryResult(target, error=error)
        asked = answers[0].answer.target if answers else target
        return QueryResult(asked, answers, queries=(asked.expr,))

    def _calculated(self, target: Target, above: tuple[str, ...]) -> QueryResult:
        inputs: dict[str, tuple[Replayed, ...]] = {}
        queries: dict[str, None] = {}
        for letter in inputs_of(_read(target)):
            read = self._by_letter.get(letter)
            if read is None or letter in (*above, target.ref_id):
                raise ExpressionError(
                    f"expression {target.ref_id} reads {letter}, which the panel does not have"
                )
            found = self.result(read, (*above, target.ref_id))
            if found.error is not None:
                raise found.error
            inputs[letter] = found.answers
            queries.update(dict.fromkeys(found.queries))
        options = self._bound.query_options
        answer = calculated(target, _read(target), inputs, end=options.end, span=options.span)
        return QueryResult(target, (answer,), queries=tuple(queries))


def _read(target: Target) -> Expression:
    """The expression of a target, whose kind is read."""
    expression = target.expression or Expression("", "", {})
    if why := why_unread(expression):
        raise UnreadQueryError(f"target {target.ref_id} is an expression {why}")
    return expression
