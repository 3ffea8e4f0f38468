"""Numbers written as JavaScript writes them, which is what Grafana shows."""

import math

__all__ = ["decimals_for", "fixed", "javascript_text"]

_EXPONENT_FROM, _EXPONENT_BELOW = 1e21, 1e-6
_MOST_DECIMALS = 300
"""Beyond it the power of ten overflows, and Grafana itself prints nonsense."""

_MANY = 2.25
"""Above this multiple of a power of ten Grafana adds a decimal."""


def javascript_text(value: float) -> str:
    """The number as `String(value)` in JavaScript.

    >>> [javascript_text(v) for v in (3.0, 0.1, 1e21, 1.5e-7, float("nan"), float("-inf"))]
    ['3', '0.1', '1e+21', '1.5e-7', 'NaN', '-Infinity']
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    digits, exponent = _digits(abs(value))
    sign = "-" if value < 0 else ""
    if _EXPONENT_BELOW <= abs(value) < _EXPONENT_FROM:
        return sign + _positional(digits, exponent)
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{'+' if exponent > 0 else '-'}{abs(exponent)}"


def _digits(value: float) -> tuple[str, int]:
    """The shortest digits that read back as the number, and the power of ten of the first."""
    mantissa, _, exponent = f"{float(value)!r}e0".partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(exponent.removesuffix("e0")) + len(whole) - 1
    digits = whole + fraction
    leading = len(digits) - len(digits.lstrip("0"))
    return digits.strip("0") or "0", shift - leading


def _positional(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    fraction = digits[exponent + 1 :]
    return f"{whole}.{fraction}" if fraction else whole


def decimals_for(value: float) -> int:
    """The decimals Grafana takes where none are set: about three significant digits.

    >>> [decimals_for(v) for v in (1234.57, 12.345, 0.0123, 1.0)]
    [0, 1, 4, 0]
    """
    if value == 0 or not math.isfinite(value) or value % 1 == 0:
        return 0
    magnitude = -math.floor(math.log(abs(value)) / math.log(10)) + 1
    power = 10.0**-magnitude  # 0 below the smallest normal number
    above = abs(value) / power if power else math.inf
    return max(0, magnitude + (1 if above > _MANY else 0))


def fixed(value: float, decimals: int | None = None) -> str:
    """The number with `decimals`, by default those of `decimals_for`.

    >>> fixed(12.345), fixed(3.0, 2), fixed(1.005, 2), fixed(float("inf"))
    ('12.3', '3.00', '1.00', '∞')
    """
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if decimals is None:
        decimals = decimals_for(value)
    if decimals > _MOST_DECIMALS:
        return javascript_text(value)
    if value == 0:
        return "0" + ("." + "0" * decimals if decimals > 0 else "")
    factor = 10.0 ** max(0, decimals) if decimals else 1.0
    text = javascript_text(_half_up(value * factor) / factor)
    if "e" in text or math.isnan(value):
        return text
    precision = len(text.partition(".")[2])
    if precision >= decimals:
        return text
    return text + ("" if precision else ".") + "0" * (decimals - precision)


def _half_up(value: float) -> float:
    if not math.isfinite(value):
        return value
    below = math.floor(value)
    return float(below + 1 if value - below >= 0.5 else below)  # noqa: PLR2004 - halves go up
