"""Values as text in Grafana's units (13.2; older versions write "min" for "mins").

The unit is only text: thresholds compare the value itself. A unit that is not listed here is
written after the value: that is what Grafana does with a unit it does not know, but not with those
of its some three hundred that are missing here (dates, currencies, physical quantities).
"""

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from simulator.grafana.number_text import fixed

__all__ = ["formatted"]

_Writer = Callable[[float, int | None], str]


def formatted(value: float | None, unit: str = "", decimals: int | None = None) -> str:
    """The value as a panel writes it; "" for null, "NaN" without a unit for nan.

    >>> [formatted(0.12345, "percentunit"), formatted(0.0123, "s"), formatted(1536, "bytes")]
    ['12.3%', '12.3 ms', '1.50 KiB']
    >>> [formatted(1234.5, "short"), formatted(3, "none", 2), formatted(3, "pods")]
    ['1.23 K', '3.00', '3 pods']
    >>> formatted(43391, "locale")
    '43,391'
    """
    if value is None:
        return ""
    if math.isnan(value):
        return "NaN"
    return _writer(unit)(value, decimals)


def _writer(unit: str) -> _Writer:
    if not unit:
        return fixed
    if unit in _UNITS:
        return _UNITS[unit]
    kind, colon, rest = unit.partition(":")
    if colon and kind in _PREFIXED:
        return _PREFIXED[kind](rest)
    return _suffixed(" " + unit)


def _suffixed(suffix: str) -> _Writer:
    return lambda value, decimals: fixed(value, decimals) + suffix


def _prefixed(prefix: str) -> _Writer:
    return lambda value, decimals: prefix + fixed(value, decimals)


def _scaled(factor: float, names: Sequence[str], offset: int = 0) -> _Writer:
    """Scaled by powers of a factor; `offset` is the place of the plain unit among the names."""

    def write(value: float, decimals: int | None) -> str:
        if math.isinf(value):
            return fixed(value)
        power = 0 if value == 0 else math.floor(math.log10(abs(value)) / math.log10(factor))
        power = min(max(power, -offset), len(names) - offset - 1)
        return fixed(value / float(factor) ** power, decimals) + names[offset + power]

    return write


_SI = ("f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")
_THOUSANDS = ("", "K", "M", "B", "T")


def _si(unit: str, offset: int = 0) -> _Writer:
    return _scaled(1000, [f" {name}{unit}" for name in _SI], _SI.index("") + offset)


def _binary(unit: str, offset: int = 0) -> _Writer:
    return _scaled(1024, [f" {name}{unit}" for name in _BINARY], offset)


def _counted(unit: str) -> _Writer:
    scaled = _scaled(1000, _THOUSANDS)
    return lambda value, decimals: f"{scaled(value, decimals)} {unit}"


def _money(symbol: str) -> _Writer:
    scaled = _scaled(1000, _THOUSANDS)
    return lambda value, decimals: (
        ("-" if value < 0 else "") + symbol + scaled(abs(value), decimals)
    )


_LOCALE_DECIMALS = 3
"""Where no decimals are set; what JavaScript's `toLocaleString` takes."""


def _grouped(value: float, decimals: int | None) -> str:
    """Thousands separated as a browser set to English (en-US) does; others put other marks there.

    Trailing zeros are dropped. Halves of the shortest decimal that reads back go away from zero.
    """
    if math.isinf(value):
        return fixed(value)
    places = _LOCALE_DECIMALS if decimals is None else max(decimals, 0)
    exact = Decimal(repr(float(value)))
    if -exact.as_tuple().exponent > places:  # type: ignore[operator] # finite: an integer
        exact = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _truth(true: str, false: str) -> _Writer:
    return lambda value, _: true if value else false


_MINUTE, _HOUR, _DAY, _WEEK, _YEAR = 60.0, 3600.0, 86400.0, 604800.0, 31536000.0

_Duration = tuple[float, float, str]
"""Below this many of the unit: divided by this, and this name after it."""

_SECONDS: tuple[_Duration, ...] = (
    (1e-6, 1e-9, " ns"),
    (1e-3, 1e-6, " µs"),
    (1.0, 1e-3, " ms"),
    (_MINUTE, 1.0, " s"),
    (_HOUR, _MINUTE, " min"),
    (_DAY, _HOUR, " hour"),
    (_WEEK, _DAY, " day"),
    (_YEAR, _WEEK, " week"),
    (math.inf, 31556900.0, " year"),  # Grafana's own length of a year here
)
_MILLISECONDS: tuple[_Duration, ...] = (
    (1e3, 1.0, " ms"),
    (1e3 * _MINUTE, 1e3, " s"),
    (1e3 * _HOUR, 1e3 * _MINUTE, " min"),
    (1e3 * _DAY, 1e3 * _HOUR, " hour"),
    (1e3 * _YEAR, 1e3 * _DAY, " day"),
    (math.inf, 1e3 * _YEAR, " year"),
)
_MICROSECONDS: tuple[_Duration, ...] = (
    (1e3, 1.0, " µs"),
    (1e6, 1e3, " ms"),
    (math.inf, 1e6, " s"),
)
_NANOSECONDS: tuple[_Duration, ...] = (
    (1e3, 1.0, " ns"),
    (1e6, 1e3, " µs"),
    (1e9, 1e6, " ms"),
    (6e10, 1e9, " s"),
    (3.6e12, 6e10, " min"),
    (8.64e13, 3.6e12, " hour"),
    (math.inf, 8.64e13, " day"),
)
_MINUTES: tuple[_Duration, ...] = (
    (60.0, 1.0, " min"),
    (1440.0, 60.0, " hour"),
    (10080.0, 1440.0, " day"),
    (604800.0, 10080.0, " week"),  # as Grafana has it: 60 weeks of minutes
    (math.inf, 525948.0, " year"),
)
_HOURS: tuple[_Duration, ...] = (
    (24.0, 1.0, " hour"),
    (168.0, 24.0, " day"),
    (8760.0, 168.0, " week"),
    (math.inf, 8760.0, " year"),
)
_DAYS: tuple[_Duration, ...] = (
    (7.0, 1.0, " day"),
    (365.0, 7.0, " week"),
    (math.inf, 365.0, " year"),
)
_NOT_IN_THE_PLURAL = (" ns", " µs", " ms", " s")


def _duration(table: Sequence[_Duration], *, never_plural: frozenset[str] = frozenset()) -> _Writer:
    """A duration in the unit that suits it; the names of long units take an s above 1."""

    def write(value: float, decimals: int | None) -> str:
        _, size, name = next((row for row in table if abs(value) < row[0]), table[-1])
        # below the unit Grafana multiplies by a power of ten, which rounds otherwise
        shown = value * round(1 / size) if size < 1 else value / size
        plural = abs(shown) > 1 and name not in _NOT_IN_THE_PLURAL and name not in never_plural
        return fixed(shown, decimals) + name + ("s" if plural else "")

    return write


def _seconds(value: float, decimals: int | None) -> str:
    return "0 s" if value == 0 else _duration(_SECONDS)(value, decimals)


_UNITS: dict[str, _Writer] = {
    "none": fixed,
    "short": _scaled(
        1000, ["", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept"]
    ),
    "sishort": _si(""),
    "percent": _suffixed("%"),
    "percentunit": lambda value, decimals: fixed(100 * value, decimals) + "%",
    "s": _seconds,
    "ms": _duration(_MILLISECONDS),
    "µs": _duration(_MICROSECONDS),
    "ns": _duration(_NANOSECONDS),
    "m": _duration(_MINUTES, never_plural=frozenset({" min"})),
    "h": _duration(_HOURS, never_plural=frozenset({" hour"})),
    "d": _duration(_DAYS),
    "hertz": _si("Hz"),
    "bytes": _binary("B"),
    "kbytes": _binary("B", 1),
    "mbytes": _binary("B", 2),
    "gbytes": _binary("B", 3),
    "decbytes": _si("B"),
    "deckbytes": _si("B", 1),
    "decmbytes": _si("B", 2),
    "decgbytes": _si("B", 3),
    "bits": _binary("b"),
    "decbits": _si("b"),
    "Bps": _si("B/s"),
    "binBps": _binary("B/s"),
    "bps": _si("b/s"),
    "cps": _counted("c/s"),
    "ops": _counted("ops/s"),
    "reqps": _counted("req/s"),
    "rps": _counted("rd/s"),
    "wps": _counted("wr/s"),
    "iops": _counted("io/s"),
    "mps": _counted("msg/s"),
    "opm": _counted("ops/m"),
    "rpm": _counted("rd/m"),
    "wpm": _counted("wr/m"),
    "locale": _grouped,
    "bool": _truth("True", "False"),
    "bool_yes_no": _truth("Yes", "No"),
    "bool_on_off": _truth("On", "Off"),
    "currencyEUR": _money("€"),
    "currencyUSD": _money("$"),
    "currencyGBP": _money("£"),
}

_PREFIXED: dict[str, Callable[[str], _Writer]] = {
    "suffix": lambda text: _suffixed(" " + text),
    "prefix": _prefixed,
    "count": _counted,
    "currency": _money,
}
