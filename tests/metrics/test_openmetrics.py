"""A trace as OpenMetrics text: what a parser makes of it, and that live runs give the same."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed_history
from prometheus_client.parser import text_string_to_metric_families as parsed_live

from simulator.metrics.columns import trace_columns
from simulator.metrics.openmetrics import Column, FamilyColumns, SeriesColumns, openmetrics
from simulator.metrics.self_monitoring import RUN, RunState, truth_families
from simulator.metrics.snapshot import Snapshots
from simulator.scenario.loading import load_scenario
from simulator.simulation.engine import Simulation
from tests.support.exported import as_written, default_families, export_of, samples_from_start

if TYPE_CHECKING:
    from simulator.metrics.snapshot import Snapshot
    from simulator.simulation.trace import Trace

ORIGIN, STEP, N_TICKS = 1_794_178_800.0, 15.0, 12
Series = tuple[str, frozenset[tuple[str, str]]]


#: A model version comes and goes, shortly after the start.
RELEASE_DAY = load_scenario("model-release").compressed(120.0)


def release_day() -> Simulation:
    return Simulation(RELEASE_DAY, origin=ORIGIN, step=STEP)


def text_of(trace: Trace) -> str:
    columns = trace_columns(trace, samples_from_start(trace), instance="lab")
    return "".join(openmetrics(columns, np.asarray(trace.grid.ends, dtype=np.float64)))


@pytest.fixture(scope="module")
def text() -> str:
    return text_of(release_day().advance(N_TICKS))


def of_one_tick(text: str, time: float) -> str:
    """The text of one tick, with whole bounds of buckets as "1.0": the one deviation put right.

    prometheus_client 0.26's parser takes a histogram's samples at a second time for repeated ones.
    """
    lines = (line for line in text.splitlines() if line[0] == "#" or line.endswith(f" {time:.0f}"))
    return re.sub(r'le="(\d+)"', r'le="\1.0"', "\n".join(lines) + "\n")


def as_go_writes(bound: str) -> str:
    """As the Pushgateway, a Go program, writes a bound that it was sent as "1.0"."""
    return bound if bound == "+Inf" else f"{float(bound):.15g}"


@pytest.fixture(scope="module")
def history(text: str) -> dict[float, dict[Series, float]]:
    """Values by time and series."""
    ends = [ORIGIN + STEP * (tick + 1) for tick in range(N_TICKS)]
    return {end: samples_of(of_one_tick(text, end), end) for end in ends}


def samples_of(text: str, end: float) -> dict[Series, float]:
    found: dict[Series, float] = {}
    for family in parsed_history(text):
        for sample in family.samples:
            labels = dict(sample.labels)
            if "le" in labels:
                labels["le"] = as_go_writes(labels["le"])
            series = (sample.name, frozenset(labels.items()))
            assert series not in found
            assert float(sample.timestamp or 0.0) == end
            found[series] = sample.value
    return found


def live_samples(snapshot: Snapshot) -> dict[Series, float]:
    """What the Pushgateway has after a tick, under its grouping labels."""
    found: dict[Series, float] = {}
    own = {family.name for family in RUN}  # of which a history has nothing to tell
    for job, text in snapshot.texts.items():
        for family in parsed_live(text.decode()):
            for sample in (s for s in family.samples if s.name not in own):
                labels = {"job": job, "instance": "lab", **sample.labels}
                if "le" in labels:
                    labels["le"] = as_go_writes(labels["le"])
                found[as_written(sample.name), frozenset(labels.items())] = sample.value
    return found


def test_a_parser_of_the_standard_reads_every_family(text: str) -> None:
    read = {f.name: f.type for f in parsed_history(of_one_tick(text, ORIGIN + STEP))}

    shown = (*default_families(), *truth_families(RELEASE_DAY))
    counters = {f.name for f in shown if f.kind == "counter"}
    expected: dict[str, str] = {f.name: f.kind for f in shown if f.name not in counters}
    expected |= {c.removesuffix("_total"): "counter" for c in counters if c.endswith("_total")}
    expected |= {c: "unknown" for c in counters if not c.endswith("_total")}
    assert read == expected


def test_history_has_the_series_and_values_of_live_ticks(
    history: dict[float, dict[Series, float]],
) -> None:
    live, export = release_day(), export_of(RELEASE_DAY)
    snapshots = Snapshots(export.families, RELEASE_DAY)
    for _ in range(N_TICKS):
        trace = live.advance()
        snapshot = snapshots.of(trace, export.samples(trace), RunState())
        assert history[float(trace.grid.ends[-1])] == live_samples(snapshot)


def test_samples_are_at_the_ends_of_ticks_and_nowhere_else(text: str) -> None:
    times = {line.rpartition(" ")[2] for line in text.splitlines() if line[0] != "#"}

    assert times == {f"{ORIGIN + STEP * (tick + 1):.0f}" for tick in range(N_TICKS)}


def test_samples_of_a_label_set_stand_together_and_in_the_order_of_time(text: str) -> None:
    """What the standard asks for, and what promtool relies on."""
    sets: list[tuple[str, float]] = []
    for line in text.splitlines():
        if line[0] != "#":
            series, _, time = line.rsplit(" ", 2)
            series = re.sub(r'_bucket(\{.*),le="[^"]*"', r"\1", series)
            sets.append((re.sub(r"_(sum|count)(?=\{)", "", series), float(time)))

    runs = [name for name, _ in groupby(sets, key=itemgetter(0))]
    assert len(runs) == len(set(runs))
    assert [(a, b) for a, b in pairwise(sets) if a[0] == b[0] and a[1] > b[1]] == []


def test_a_version_has_no_gauge_before_it_serves(
    history: dict[float, dict[Series, float]],
) -> None:
    def versions(at: float) -> set[str]:
        return {dict(s[1])["version"] for s in history[at] if s[0] == "ml_model_accuracy"}

    assert versions(min(history)) == {RELEASE_DAY.versions[0]}
    assert len(RELEASE_DAY.versions) > 1


def test_counts_are_whole_numbers_as_text(text: str) -> None:
    counters = "|".join(f.name for f in default_families() if f.kind == "counter")
    pattern = rf"^(?:{counters}|\w+_count|\w+_bucket)\{{.*\}} (\S+) \S+$"
    counts = re.findall(pattern, text, re.MULTILINE)

    assert len(counts) > 1_000
    assert [count for count in counts if not count.isdigit()] == []


def test_whole_bounds_are_written_as_go_writes_them(text: str) -> None:
    bounds = set(re.findall(r'le="([^"]+)"', text))

    assert {"1", "0.05", "+Inf"} <= bounds
    assert [bound for bound in bounds if bound.endswith(".0")] == []


def test_the_text_ends_with_its_mark(text: str) -> None:
    assert text.endswith("\n# EOF\n")
    assert text.count("# EOF") == 1


def one_gauge(
    values: list[float], times: list[float], *, label: str = "x", help_text: str = "About."
) -> str:
    series = SeriesColumns((("label", label),), (Column("", "", np.array(values)),))
    family = FamilyColumns("thing", "gauge", help_text, (series,))
    return "".join(openmetrics([family], np.array(times)))


def test_a_sample_without_a_value_is_left_out() -> None:
    lines = one_gauge([1.5, float("nan"), 2.5], [10.0, 20.0, 30.0]).splitlines()

    assert lines[2:-1] == ['thing{label="x"} 1.5 10', 'thing{label="x"} 2.5 30']


def test_times_are_written_to_the_millisecond() -> None:
    lines = one_gauge([1.0, 1.0], [1_794_178_800.1, 1_794_178_801.0]).splitlines()

    assert [line.split()[-1] for line in lines[2:-1]] == ["1794178800.1", "1794178801"]


@given(
    label=st.text(st.characters(exclude_categories=["Cs"]), min_size=1), help_text=st.text("a\\\n")
)
def test_any_text_in_labels_and_help_comes_back(label: str, help_text: str) -> None:
    (family,) = parsed_history(one_gauge([1.0], [10.0], label=label, help_text=help_text))

    assert (family.samples[0].labels["label"], family.documentation) == (label, help_text)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_any_value_comes_back_to_the_bit(value: float) -> None:
    (family,) = parsed_history(one_gauge([value], [10.0]))

    assert family.samples[0].value == value
