"""The days on which a country's branches are closed, by the package `holidays`."""

from datetime import date
from functools import lru_cache

from simulator.spelling import did_you_mean

__all__ = ["countries", "public_holidays", "unknown_country"]

# `holidays` is imported where it is used: that takes 60 ms, and few commands ask.


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country, by its ISO 3166 code, in a year.

    >>> [date(2026, 7, 14) in public_holidays(country, 2026) for country in ("FR", "DE")]
    [True, False]
    """
    from holidays import country_holidays  # noqa: PLC0415 - see above

    return frozenset(country_holidays(country, years=year))


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
