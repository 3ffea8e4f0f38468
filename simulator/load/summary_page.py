"""The summary of a test as one file of HTML, in the style of the other reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulator.drawing.page_templates import Badge, page_environment
from simulator.drawing.quantities import duration_text, moment_text
from simulator.load.bands import BANDS, Band, Judged
from simulator.load.summary import NAMES, TestSummary, shown

__all__ = ["summary_page"]

_BADGES: Final[Mapping[Band | None, Badge]] = {
    "green": Badge("ok", "✓", "green"),
    "yellow": Badge("warn", "!", "yellow"),
    "orange": Badge("warn", "!!", "orange"),
    "red": Badge("bad", "✗", "red"),
    None: Badge("", "·", "not judged"),
}


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    value: str
    badge: Badge
    limits: tuple[str, ...]  # one per band
    reason: str


def summary_page(summary: TestSummary) -> str:
    """The page, in UTF-8; it loads nothing from anywhere."""
    page = page_environment("simulator.load").get_template("summary.html.j2")
    return page.render(
        summary=summary,
        badge=_BADGES[summary.band],
        bands=[_BADGES[band].word for band in BANDS],
        facts=_facts(summary),
        rows=[_row(judged) for judged in summary.judged],
        routes=[
            (r, shown("p95_milliseconds", r.p95_milliseconds), _errors(r.failures, r.requests))
            for r in summary.routes
        ],
    )


def _facts(summary: TestSummary) -> Mapping[str, str]:
    sent, expected = summary.rates
    return {
        "worst allowed": summary.worst_allowed,
        "ended (UTC)": moment_text(float(int(summary.ended_at))),
        "took": duration_text(summary.seconds),
        "users on average": f"{summary.mean_users:.3g}",
        "model": f"{summary.model}, {summary.pauses}",
        "requests": f"{summary.requests:,}",
        "per second": f"{sent:.3g}, expected {expected:.3g}" if expected else f"{sent:.3g}",
        "host": summary.host,
    }


def _row(judged: Judged) -> _Row:
    sign = "≥" if judged.name == "throughput_ratio" else "≤"
    beyond = "<" if sign == "≥" else ">"
    last = shown(judged.name, list(judged.limits.values())[-1])
    limits = [
        f"{sign} {shown(judged.name, judged.limits[b])}" if b in judged.limits else ""
        for b in BANDS
    ]
    limits[-1] = f"{beyond} {last}"
    value = shown(judged.name, judged.value)
    return _Row(NAMES[judged.name], value, _BADGES[judged.band], tuple(limits), judged.reason)


def _errors(failures: int, requests: int) -> str:
    return shown("error_ratio", failures / requests) if requests else "?"
