"""Tests of a kind, whole: what they send, the band they are in, and their exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fake_api import FakeApi
from tests.support.locust_runs import Locust

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(100)]

BUSY = (
    "--tags",
    "models",
    "--headless",
    "--think-time",
    "300ms",
    "-u",
    "10",
    "-r",
    "10",
    "-t",
    "5s",
)


def slow_api() -> FakeApi:
    api = FakeApi()
    api.seconds = 1.2
    return api


def read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def test_a_kind_that_is_cut_short_says_in_which_band_it_lies(tmp_path: Path) -> None:
    page, file = tmp_path / "pages" / "s.html", tmp_path / "s.json"
    files = ("--summary", str(file), "--summary-html", str(page))
    with Locust(
        tmp_path, "--kind", "load", "-t", "10s", "-r", "25", "--headless", *files
    ) as locust:
        assert locust.exit_code() == 0, locust.log

    summary = read(file)
    assert (summary["kind"], summary["is_within"], summary["model"]) == ("load", True, "closed")
    assert 40.0 < summary["mean_users"] <= 50.0
    assert summary["pauses"] == "think time 1s-5s"
    assert summary["requests"] == sum(locust.counted().requests.values())
    assert summary["judged"]["throughput_ratio"]["band"] == "green", locust.log
    assert "Within what is allowed" in page.read_text("utf-8")
    assert "kind load in 10s is " in locust.log


def test_slow_answers_lower_the_load_of_the_closed_model_alone(tmp_path: Path) -> None:
    summaries = {}
    for model, option in (("closed", ()), ("open", ("--open",))):
        file = tmp_path / f"{model}.json"
        with (
            slow_api() as api,
            Locust(tmp_path, *BUSY, *option, "--host", api.url, "--summary", str(file)) as locust,
        ):
            code = locust.exit_code()
        summaries[model] = summary = read(file)
        assert summary["requests"] == len(api.requests), "each was awaited, and counted"
        assert summary["judged"]["p95_milliseconds"]["band"] == "orange"
        assert code == (0 if summary["is_within"] else 1), locust.log
        assert "Traceback" not in locust.log

    assert summaries["closed"]["judged"]["throughput_ratio"]["band"] == "red"
    assert not summaries["closed"]["is_within"]
    assert summaries["open"]["judged"]["throughput_ratio"]["band"] == "green"
    assert summaries["open"]["is_within"]
