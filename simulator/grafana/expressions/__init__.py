"""Server-side expressions: what Grafana calculates from the answers of a panel's queries.

Math, reduce, resample and threshold, as in pkg/expr and pkg/expr/mathexp; the others are named.
"""

import re
from collections.abc import Mapping, Sequence

from simulator.grafana.expressions.calculation import calculated
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
    "ExpressionError",
    "Value",
    "evaluated",
    "inputs_of",
    "is_read",
]

POINTWISE = frozenset({"math", "threshold"})
"""What comes out at a time depends on what goes in at that time alone."""

KNOWN_EXPRESSIONS = POINTWISE | {"reduce", "resample"}
_REFERENCE = re.compile(r"\$?\{?([^{}$]+)\}?")


def is_read(expression: Expression) -> bool:
    """Whether its kind is known; so is a threshold that does not depend on what was before."""
    return expression.kind in KNOWN_EXPRESSIONS and not any(
        isinstance(one, dict) and one.get("unloadEvaluator") for one in _conditions(expression)
    )


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
