"""The days on which a country's branches are closed, by the package `holidays`."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from simulator.spelling import did_you_mean

__all__ = ["countries", "public_holidays", "unknown_country"]

# `holidays` is imported where it is used: that takes 40 ms, and few commands ask.


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country, by its ISO 3166 code, in a year.

    >>> [date(2026, 7, 14) in public_holidays(country, 2026) for country in ("FR", "DE")]
    [True, False]
    """
    return frozenset(_calendar(country)(years=year))


def _calendar(country: str) -> Callable[..., Iterable[date]]:
    """What makes a country's holidays of years.

    It is loaded from the country's own file where the package has one: asked by its code, the
    package imports all 250 countries, which takes three times as long as everything else here.
    """
    from holidays import country_holidays, registry  # noqa: PLC0415 - see above

    folder = Path(registry.__file__).with_name("countries")
    for module, (name, *codes) in registry.COUNTRIES.items():
        file = folder / f"{module}.py"
        if country in codes and file.is_file():
            spec = spec_from_file_location(f"holidays.countries.{module}", file)
            if spec is not None and spec.loader is not None:
                loaded = module_from_spec(spec)
                spec.loader.exec_module(loaded)
                calendar: Callable[..., Iterable[date]] = getattr(loaded, name)
                return calendar
    return partial(country_holidays, country)


def countries() -> list[str]:
    """The ISO 3166 codes of the countries whose public holidays are known, sorted."""
    from holidays import list_supported_countries  # noqa: PLC0415 - see above

    return sorted(list_supported_countries(include_aliases=False))


def unknown_country(code: str) -> str:
    """Why there are no holidays for `code`, with what was probably meant; empty where there are.

    >>> unknown_country("FR")
    ''
    >>> unknown_country("France")
    "is no ISO code of a country whose public holidays are known; did you mean 'FR'?"
    """
    known = countries()
    if code in known:
        return ""
    meant = _codes_by_name().get(code.lower().replace(" ", "_").replace("-", "_"))
    asked = f"; did you mean {meant!r}?" if meant in known else did_you_mean(code, known)
    return f"is no ISO code of a country whose public holidays are known{asked}"


def _codes_by_name() -> dict[str, str]:
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - see above

    return {
        name.lower(): code
        for country, (_, code, *others) in COUNTRIES.items()
        for name in (country, code, *others)  # such as france, FR, FRA
    }
