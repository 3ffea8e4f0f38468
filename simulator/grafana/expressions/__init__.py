"""Server-side expressions: what Grafana calculates from the answers of a panel's queries.

Math, reduce, resample, threshold and classic conditions, as in pkg/expr; the others are named.
"""

import re
from collections.abc import Mapping, Sequence

from simulator.grafana.expressions.calculation import calculated
from simulator.grafana.expressions.classic import classic_inputs, classic_outcome
from simulator.grafana.expressions.reduction import reduced_values
from simulator.grafana.expressions.resampling import resampled
from simulator.grafana.expressions.syntax import parsed, references
from simulator.grafana.expressions.thresholds import compared
from simulator.grafana.expressions.values import ExpressionError, Value
from simulator.grafana.model import Expression
from simulator.quoting import quoted

__all__ = [
    "KNOWN_EXPRESSIONS",
    "POINTWISE",
    "SINGLE_NUMBERS",
    "ExpressionError",
    "Value",
    "evaluated",
    "inputs_of",
    "why_unread",
]

POINTWISE = frozenset({"math", "threshold"})
"""What comes out at a time depends on what goes in at that time alone."""

SINGLE_NUMBERS = frozenset({"reduce", "classic_conditions"})
"""What comes out are numbers, whatever goes in."""

KNOWN_EXPRESSIONS = POINTWISE | SINGLE_NUMBERS | {"resample"}
_UNREAD = {"sql": ", a statement of SQL over the answers"}
_REFERENCE = re.compile(r"\$?\{?([^{}$]+)\}?")


def why_unread(expression: Expression) -> str:
    """Why its outcome cannot be told; "" where it can.

    A threshold with another one for recovery is one that has not been crossed before: what is known
    of that, a dashboard does not have.
    """
    if expression.kind not in KNOWN_EXPRESSIONS:
        return f"of kind {quoted(expression.kind)}{_UNREAD.get(expression.kind, '')}"
    conditions = _conditions(expression)
    if any(isinstance(one, dict) and one.get("loadedDimensions") for one in conditions):
        return "that is told which series have crossed its threshold before"
    return ""


def _conditions(expression: Expression) -> Sequence[object]:
    found = expression.options.get("conditions")
    return found if isinstance(found, list) else []


def inputs_of(expression: Expression) -> tuple[str, ...]:
    """The letters of the queries and expressions that it reads.

    Raises:
        ExpressionError: it is no expression.

    >>> [inputs_of(Expression(*one, {})) for one in (("math", "$A / ${B}"), ("reduce", "$A"))]
    [('A', 'B'), ('A',)]
    """
    if expression.kind == "math":
        return references(parsed(expression.text))
    if expression.kind == "classic_conditions":
        return classic_inputs(_conditions(expression))
    found = _REFERENCE.fullmatch(expression.text.strip())
    if found is None:
        raise ExpressionError(f"{quoted(expression.text)} names no query")
    return (found[1],)


def evaluated(
    expression: Expression, inputs: Mapping[str, Sequence[Value]], *, start: float, end: float
) -> tuple[Value, ...]:
    """What comes out, over a time range in unix seconds.

    Raises:
        ExpressionError: it is no expression, or cannot be applied to what goes in.
    """
    if expression.kind == "math":
        return calculated(parsed(expression.text), inputs)
    if expression.kind == "classic_conditions":
        return classic_outcome(_conditions(expression), inputs)
    (letter,) = inputs_of(expression)
    values = inputs.get(letter, ())
    match expression.kind:
        case "reduce":
            return reduced_values(values, expression.options)
        case "resample":
            return resampled(values, expression.options, start=start, end=end)
        case "threshold":
            return compared(values, _conditions(expression))
    raise ExpressionError(f"expression {quoted(expression.kind)}")
