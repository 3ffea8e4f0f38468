"""The table of metrics in docs/design.md and the default mapping: each says what the other does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from simulator.metrics.self_monitoring import JOB, MARK, RUN, truth_families
from simulator.scenario.loading import load_scenario
from tests.support.exported import default_families

DESIGN: Final = Path(__file__).parents[2] / "docs" / "design.md"
FAMILIES: Final = {family.name: family for family in default_families()}


class Row(NamedTuple):
    """A row of the table; its job may stand in a row above."""

    job: str
    names: tuple[str, ...]
    kind: str
    labels: tuple[str, ...] | None


def candidates(shorthand: str, full: str) -> list[str]:
    """Names that `_suffix` can stand for after a full name: any of its beginnings, longest first.

    >>> candidates("_leader", "kafka_topic_offset")
    ['kafka_topic_leader', 'kafka_leader']
    """
    words = full.split("_")
    return ["_".join(words[:n]) + shorthand for n in range(len(words) - 1, 0, -1)]


def expanded(written: list[str]) -> tuple[str, ...]:
    """Full names of a row; of what a shorthand can stand for, the longest that there is."""
    names: list[str] = []
    for text in written:
        if not text.startswith("_"):
            names.append(text)
            continue
        full = next(name for name in reversed(names) if not name.startswith("_"))
        known = [name for name in candidates(text, full) if name in FAMILIES]
        names.append(known[0] if known else text)
    return tuple(names)


def table() -> list[Row]:
    section = DESIGN.read_text(encoding="utf-8").split("## Metrics")[1].split("\n## ")[0]
    rows, job = [], ""
    for line in section.splitlines():
        if not line.startswith("| ") or line.startswith("| job"):
            continue
        first, names, kind, _ = (cell.strip() for cell in line.strip("|").split("|")[:4])
        job = first or job
        labels = re.search(r"^\w+(?: 1)? \{([^}]*)\}", kind)
        plain = re.fullmatch(r"(gauge|counter|histogram)(,.*)?", kind)
        rows.append(
            Row(
                job,
                expanded(re.findall(r"`(\w+)`", names)),
                kind.split()[0].rstrip("s,"),
                tuple(labels[1].split(", ")) if labels else () if plain else None,
            )
        )
    return rows


ROWS: Final = table()
TABLE: Final = [row for row in ROWS if row.job != JOB]
DOCUMENTED: Final = [(row, name) for row in TABLE for name in row.names]


def test_the_table_is_read() -> None:
    assert len(DOCUMENTED) > 40


@pytest.mark.parametrize(("row", "name"), DOCUMENTED, ids=[name for _, name in DOCUMENTED])
def test_a_documented_metric_is_in_the_mapping(row: Row, name: str) -> None:
    assert name in FAMILIES, row.names


def test_the_simulators_own_metrics_are_documented_with_their_types() -> None:
    own = {family.name: family.kind for family in truth_families(load_scenario("calm"))}
    own |= {family.name: family.kind for family in (*RUN, *MARK)}

    assert {name: row.kind for row in ROWS if row.job == JOB for name in row.names} == own


@pytest.mark.parametrize("name", FAMILIES)
def test_a_metric_of_the_mapping_is_documented_once(name: str) -> None:
    assert [documented for _, documented in DOCUMENTED].count(name) == 1


@pytest.mark.parametrize(("row", "name"), DOCUMENTED, ids=[name for _, name in DOCUMENTED])
def test_a_metric_has_the_documented_job_and_type(row: Row, name: str) -> None:
    assert (FAMILIES[name].job, FAMILIES[name].kind) == (row.job, row.kind)


@pytest.mark.parametrize(
    ("row", "name"),
    [(row, name) for row, name in DOCUMENTED if row.labels is not None],
    ids=[name for row, name in DOCUMENTED if row.labels is not None],
)
def test_a_metric_has_the_documented_labels(row: Row, name: str) -> None:
    assert FAMILIES[name].labels == row.labels


def test_the_labels_of_kafka_s_metrics_are_the_exporter_s() -> None:
    documented = {(), ("topic",), ("topic", "partition"), ("consumergroup", "topic", "partition")}
    documented |= {("consumergroup", "topic"), ("consumergroup",), ("id", "address")}
    documented |= {("branch", "goarch", "goos", "goversion", "revision", "tags", "version")}

    assert {f.labels for f in FAMILIES.values() if f.job == "kafka-exporter"} == documented
