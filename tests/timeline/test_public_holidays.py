"""Public holidays: known ones, and countries that were misspelt."""

import subprocess
import sys
from datetime import date

import pytest
from holidays import country_holidays

from simulator.timeline.public_holidays import countries, public_holidays, unknown_country

FRENCH = ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11"]


def test_the_french_ones_are_those_of_the_labour_code() -> None:
    expected = {date.fromisoformat(f"2026-{day}") for day in [*FRENCH, "12-25"]}
    assert public_holidays("FR", 2026) == expected


def test_easter_moves() -> None:
    assert date(2027, 3, 29) in public_holidays("FR", 2027)


@pytest.mark.parametrize("code", ["DE", "GB", "US", "BR", "JP"])
def test_other_countries_have_their_own(code: str) -> None:
    assert code in countries()
    assert public_holidays(code, 2026) != public_holidays("FR", 2026)


def test_those_of_every_country_are_what_the_package_says() -> None:
    for code in countries():
        assert public_holidays(code, 2026) == set(country_holidays(code, years=2026)), code


def test_asking_for_one_country_does_not_load_the_others() -> None:
    asked = "from simulator.timeline.public_holidays import public_holidays; "
    ask = "public_holidays('FR', 2026); public_holidays('FR', 2027)"
    check = f"import sys; {asked}{ask}; sys.exit('holidays.countries' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("fr", "FR"),
        ("FRA", "FR"),
        ("France", "FR"),
        ("UK", "GB"),
        ("united states", "US"),
        ("Czech-Republic", None),
        ("XX", None),
        ("", None),
        ("F" * 5000, None),
    ],
)
def test_what_is_no_code_is_refused_with_what_was_meant(said: str, meant: str | None) -> None:
    reason = unknown_country(said)
    assert reason.startswith("is no ISO code of a country")
    assert reason.endswith(f"; did you mean {meant!r}?" if meant else "holidays are known")


def test_a_scenario_of_the_library_is_read_without_looking_countries_up() -> None:
    read = "from simulator.scenario.loading import load_scenario; load_scenario('calm')"
    check = f"import sys; {read}; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
