"""Names of columns and labels, in all that a panel does with its answers, that nothing has."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from simulator.coverage.findings import Code, Finding
from simulator.grafana.column_names import Unmet, unmet_names
from simulator.grafana.frames import Series
from simulator.grafana.model import Panel
from simulator.observation.every_panel import QueryResult
from simulator.quoting import quoted, shortened
from simulator.spelling import did_you_mean

__all__ = ["column_findings"]


def column_findings(panel: Panel, results: Sequence[QueryResult]) -> Iterator[Finding]:
    """A note for each of them; none where a query has no data, whose columns nobody knows."""
    if not all(any(one.answer.series for one in result.answers) for result in results):
        return
    answers = [
        replace(one.answer, series=tuple(map(_point, one.answer.series)))
        for result in results
        for one in result.answers
        if one.answer.series
    ]
    for one in unmet_names(panel, answers):
        yield Finding(Code.UNKNOWN_COLUMN, _said(one), "")


def _point(series: Series) -> Series:
    """The series with a single point: which columns there are does not depend on more."""
    return Series(series.labels, np.zeros(1), np.zeros(1))


def _said(one: Unmet) -> str:
    there = shortened(", ".join(one.there))
    guess = did_you_mean(one.name, one.there)
    if one.is_label:
        has = f"they have {there or 'no labels'}"
        return f"label {quoted(one.name)} (in {one.place}) is on no series: {has}{guess}"
    has = f"there are {there or 'none'}"
    return f"column {quoted(one.name)} (in {one.place}) is none of the panel's: {has}{guess}"
