"""Math on series and numbers: pkg/expr/mathexp/exp.go and funcs.go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from simulator.grafana.expressions.syntax import Binary, Call, Node, Number, Reference, Unary
from simulator.grafana.expressions.values import ExpressionError, Numbers, Value
from simulator.quoting import quoted

__all__ = ["calculated"]

_Inputs = Mapping[str, Sequence[Value]]
_Labels = Mapping[str, str]
_Operation = Callable[[Numbers, Numbers], Numbers]


def calculated(node: Node, inputs: _Inputs) -> tuple[Value, ...]:
    """What an expression gives; nothing where an input has nothing.

    Raises:
        ExpressionError: a function is not known, or has other arguments.
    """
    with np.errstate(all="ignore"):  # as Go calculates
        return tuple(_walked(node, inputs))


def _walked(node: Node, inputs: _Inputs) -> Iterator[Value]:
    match node:
        case Number(value):
            yield Value({}, np.array([value]))
        case Reference(letter):
            yield from inputs.get(letter, ())
        case Unary(operator, of):
            apply = _UNARY[operator]
            for one in _walked(of, inputs):
                yield Value(one.labels, apply(one.numbers), one.times)
        case Call(name, arguments):
            yield from _called(name, [tuple(_walked(one, inputs)) for one in arguments])
        case Binary(operator, left, right):
            pairs = _pairs(tuple(_walked(left, inputs)), tuple(_walked(right, inputs)))
            for labels, one, other in pairs:
                yield _operated(labels, _BINARY[operator], one, other)


def _pairs(left: Sequence[Value], right: Sequence[Value]) -> Iterator[tuple[_Labels, Value, Value]]:
    """The values whose labels go together, with the labels of the one that has more.

    So they do where they are the same, or one has all of the other's. A single value on each side
    goes together whatever its labels are, and has none then.
    """
    found = [
        (labels, one, other)
        for one in left
        for other in right
        if (labels := _together(one.labels, other.labels)) is not None
    ]
    if not found and len(left) == len(right) == 1:
        found = [({}, left[0], right[0])]
    yield from found


def _together(one: _Labels, other: _Labels) -> _Labels | None:
    small, large = sorted((one, other), key=len)
    return large if small.items() <= large.items() else None


def _operated(
    labels: _Labels, apply: Callable[[Numbers, Numbers], Numbers], one: Value, other: Value
) -> Value:
    if one.times is None and other.times is None:
        return Value(labels, apply(one.numbers[-1:], other.numbers[-1:]))
    if other.times is None:
        return Value(labels, apply(one.numbers, np.array(other.number)), one.times)
    if one.times is None:
        return Value(labels, apply(np.array(one.number), other.numbers), other.times)
    times, here, there = np.intersect1d(one.times, other.times, return_indices=True)
    return Value(labels, apply(one.numbers[here], other.numbers[there]), times)


def _called(name: str, arguments: Sequence[tuple[Value, ...]]) -> Iterator[Value]:
    if name in _CONSTANTS and not arguments:
        yield Value({}, np.array([_CONSTANTS[name]]))
        return
    if name not in _FUNCTIONS or len(arguments) != 1:
        raise ExpressionError(f"function {quoted(name)} of {len(arguments)} is not known")
    for one in arguments[0]:
        yield Value(one.labels, _FUNCTIONS[name](one.numbers), one.times)


def _flag(numbers: Numbers) -> Numbers:
    return numbers.astype(np.float64)


def _unless_nan(apply: _Operation) -> _Operation:
    """The operation; nan where either side is."""

    def applied(one: Numbers, other: Numbers) -> Numbers:
        is_nan = np.isnan(one) | np.isnan(other)
        return np.where(is_nan, np.nan, _flag(apply(one, other)))

    return applied


def _or(one: Numbers, other: Numbers) -> Numbers:
    is_true = ~np.isnan(one) & (one != 0)
    return np.where(is_true, 1.0, _unless_nan(lambda a, b: (a != 0) | (b != 0))(one, other))


def _and(one: Numbers, other: Numbers) -> Numbers:
    return np.where(one == 0, 0.0, _unless_nan(lambda a, b: (a != 0) & (b != 0))(one, other))


_UNARY: Mapping[str, Callable[[Numbers], Numbers]] = MappingProxyType(
    {"!": lambda a: np.where(np.isnan(a), np.nan, a == 0), "-": np.negative}
)
_BINARY: Mapping[str, Callable[[Numbers, Numbers], Numbers]] = MappingProxyType(
    {
        "||": _or,
        "&&": _and,
        "+": _unless_nan(np.add),
        "-": _unless_nan(np.subtract),
        "*": _unless_nan(np.multiply),
        "/": _unless_nan(np.divide),
        "%": _unless_nan(np.fmod),
        "**": _unless_nan(np.power),
        "==": _unless_nan(np.equal),
        "!=": _unless_nan(np.not_equal),
        ">": _unless_nan(np.greater),
        ">=": _unless_nan(np.greater_equal),
        "<": _unless_nan(np.less),
        "<=": _unless_nan(np.less_equal),
    }
)
_CONSTANTS = MappingProxyType({"inf": np.inf, "infn": -np.inf, "nan": np.nan, "null": np.nan})
_FUNCTIONS: Mapping[str, Callable[[Numbers], Numbers]] = MappingProxyType(
    {
        "abs": np.abs,
        "log": np.log,
        "ceil": np.ceil,
        "floor": np.floor,
        # away from zero at a half, as in Go
        "round": lambda a: np.copysign(np.floor(np.abs(a) + 0.5), a),
        "is_nan": lambda a: _flag(np.isnan(a)),
        "is_null": np.zeros_like,
        "is_inf": lambda a: _flag(np.isinf(a)),
        "is_number": lambda a: _flag(np.isfinite(a)),
    }
)
