"""In which band a test lies, and what is written of it."""

from __future__ import annotations

import json
import math
from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import OutputError, SimulatorError
from simulator.load.bands import BANDS, Band, error_band, p95_band, throughput_band
from simulator.load.summary import Route, TestSummary, summary_json
from simulator.load.summary_page import summary_page
from simulator.load.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.load.bands import Judged

GOOD = TestSummary(
    kind="load",
    host="http://127.0.0.1:8000",
    ended_at=1_800_000_000.0,
    seconds=300.0,
    user_seconds=15_000.0,
    mean_pause_seconds=3.0,
    pauses="think time 1s-5s",
    is_open=False,
    requests=4900,
    failures=3,
    p95_milliseconds=420.0,
    routes=(Route("POST", "/v1/score", 4900, 3, 420.0),),
    worst_allowed="orange",
)


def rank(judged: Judged) -> int:
    assert judged.band is not None
    return BANDS.index(judged.band)


@given(st.floats(0.0, 1e5), st.floats(0.0, 1e5))
def test_slower_answers_are_in_no_better_band(one: float, other: float) -> None:
    faster, slower = sorted((one, other))
    assert rank(p95_band(faster)) <= rank(p95_band(slower))


@given(st.integers(1, 10**6), st.data())
def test_more_failures_are_in_no_better_band(n_requests: int, data: st.DataObject) -> None:
    fewer, more = sorted(data.draw(st.lists(st.integers(0, n_requests), min_size=2, max_size=2)))
    assert rank(error_band(fewer, n_requests)) <= rank(error_band(more, n_requests))


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(1e-3, 1e6))
def test_more_requests_are_in_no_worse_band(one: int, other: int, expected: float) -> None:
    fewer, more = sorted((one, other))
    assert rank(throughput_band(more, expected)) <= rank(throughput_band(fewer, expected))


def test_a_test_without_a_request_is_red() -> None:
    nothing = replace(GOOD, requests=0, failures=0, p95_milliseconds=math.nan, routes=())
    assert [judged.band for judged in nothing.judged] == ["red", "red", "red"]
    assert not nothing.is_within


def test_what_is_expected_are_users_by_the_pauses_between_their_requests() -> None:
    assert GOOD.expected_requests == 5000.0
    assert GOOD.judged[2].value == 0.98


def test_without_a_rate_throughput_is_not_judged_and_says_why() -> None:
    judged = replace(GOOD, mean_pause_seconds=0.0).judged[2]
    assert (judged.band, judged.reason) == (None, "users and pauses imply no rate")


def test_a_test_is_in_the_worst_band_of_what_is_judged() -> None:
    assert GOOD.band == "green"
    assert replace(GOOD, p95_milliseconds=900.0).band == "yellow"
    assert replace(GOOD, failures=100).band == "orange"
    assert replace(GOOD, p95_milliseconds=900.0, failures=100, requests=500).band == "red"


@pytest.mark.parametrize("worst", BANDS[:-1])
@pytest.mark.parametrize(
    ("p95", "band"), [(1, "green"), (900, "yellow"), (2000, "orange"), (9e3, "red")]
)
def test_a_test_is_within_what_is_allowed_up_to_that_band(
    worst: Band, p95: float, band: Band
) -> None:
    summary = replace(GOOD, p95_milliseconds=p95, worst_allowed=worst)
    assert summary.is_within == (BANDS.index(band) <= BANDS.index(worst))


def test_the_json_says_the_band_of_each_with_its_limits() -> None:
    read = json.loads(summary_json(replace(GOOD, failures=100)))
    assert (read["kind"], read["band"], read["is_within"]) == ("load", "orange", True)
    assert {name: judged["band"] for name, judged in read["judged"].items()} == {
        "p95_milliseconds": "green",
        "error_ratio": "orange",
        "throughput_ratio": "green",
    }
    assert read["judged"]["p95_milliseconds"]["limits"]["orange"] == 2000.0
    assert read["expected_requests_per_second"] == pytest.approx(50 / 3)


def test_what_is_undefined_is_null_in_the_json() -> None:
    read = json.loads(summary_json(replace(GOOD, requests=0, p95_milliseconds=math.nan)))
    assert read["judged"]["p95_milliseconds"]["value"] is None
    assert read["judged"]["p95_milliseconds"]["reason"] == "no request"


def test_the_page_names_bands_and_limits_and_loads_nothing() -> None:
    page = summary_page(replace(GOOD, p95_milliseconds=1240.0, worst_allowed="green"))
    for text in ("Worse than allowed", "1,240 ms", "≤ 2,000 ms", "orange", "≥ 90 %", "/v1/score"):
        assert text in page
    assert "<script" not in page


def test_the_page_escapes_what_others_name() -> None:
    page = summary_page(
        replace(GOOD, host="http://x/<b>", routes=(Route("GET", "<i>", 1, 0, 1.0),))
    )
    assert "<b>" not in page
    assert "<i>" not in page


def verdict(**options: object) -> Verdict | None:
    return Verdict.of(
        Namespace(
            **{"worst": "", "summary": "", "summary_html": "", "kind": "", "mapping": None}
            | options
        )
    )


def test_without_options_nothing_is_judged() -> None:
    assert verdict() is None


def test_a_kind_allows_orange_unless_told_otherwise() -> None:
    assert verdict(kind="smoke") == Verdict("orange", None, None)
    assert verdict(kind="smoke", worst="green") == Verdict("green", None, None)


@pytest.mark.parametrize("band", ["red", "purple", "Green", "9" * 5000])
def test_a_band_that_cannot_be_allowed_is_refused_with_those_that_can(band: str) -> None:
    with pytest.raises(SimulatorError, match=r"--worst is .*: give one of green, yellow, orange"):
        verdict(worst=band)


def test_the_folder_of_a_summary_is_made_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    verdict(summary=str(tmp_path / "new" / "s.json"))
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("option", ["summary", "summary_html"])
@pytest.mark.parametrize("place", ["", "a file/s", "nul\0"])
def test_a_file_that_cannot_be_written_is_refused_at_the_start(
    option: str, place: str, tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(OutputError, match=f"--{option.replace('_', '-')} is .*name a file"):
        verdict(**{option: str(tmp_path / place)})


def test_two_summaries_in_one_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="give each a file of its own"):
        verdict(summary=str(tmp_path / "s"), summary_html=str(tmp_path / "s"))
