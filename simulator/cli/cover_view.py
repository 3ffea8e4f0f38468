"""What `simulator cover` prints: the verdict on every panel, and what is missing."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simulator.cli.notices_view import notices_table
from simulator.cli.steps import step_chip
from simulator.coverage.places import Place, uncovered
from simulator.coverage.report.verdict_text import (
    GLYPHS,
    WORDS,
    alert_text,
    band_text,
    duration_text,
    episodes_text,
    summary_text,
    uncovered_text,
)
from simulator.coverage.verdicts import (
    Coverage,
    DashboardCoverage,
    FieldCoverage,
    PanelCoverage,
    StepCoverage,
    Verdict,
)
from simulator.quoting import printable

__all__ = ["coverage_table"]

_STYLES: Final = {
    Verdict.EXERCISED: "green",
    Verdict.NOT_REACHED: "yellow",
    Verdict.FINDING: "yellow",
    Verdict.NO_DATA: "magenta",
    Verdict.UNSUPPORTED: "magenta",
    Verdict.ERROR: "red",
}
_VERDICT_WIDTH: Final = 13
_TYPE_WIDTH: Final = 12
_TYPES_FROM: Final = 96
"""Below this width there is no room for the panels' types."""

_WIDE_FROM: Final = 110
_MOST_FIELDS: Final = 6
_WHOLE_REASON: Final = 400


def coverage_table(coverage: Coverage, *, width: int) -> RenderableType:
    """The panels by dashboard, the lists of what is not exercised and not judged, and the sums.

    `width` is the terminal's; from 60 columns on nothing is cut: what is long goes on in the next
    line. Every colour has its name beside it.
    """
    parts: list[RenderableType] = list(_boards(coverage, width))
    if coverage.alerts:
        parts += [Text("alerts", style="bold"), _alerts(coverage, width)]
    if coverage.notifications is not None:
        parts += notices_table(coverage.notifications, width)
    missing = uncovered(coverage)
    if missing:
        parts += [Text(""), Text("not exercised", style="bold"), _missing(missing, coverage, width)]
    if coverage.excluded:
        parts += [Text(""), Text("not judged", style="bold"), *_not_judged(coverage)]
    parts += [Text(note, style="dim") for note in coverage.notes]
    style = "bold green" if coverage.is_complete else "bold red"
    parts += [Text(""), Text(summary_text(coverage), style=style)]
    return Group(*parts)


def _alerts(coverage: Coverage, width: int) -> Table:
    """Each alert in a line: its verdict, and what it did."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("  alert", overflow="fold", max_width=int(width * 0.36))
    table.add_column("verdict", no_wrap=True, width=_VERDICT_WIDTH)
    table.add_column("what it does", overflow="fold")
    for one in coverage.alerts:
        name = Text.assemble(printable(one.name), (f" {printable(one.severity)}", "dim"))
        verdict = _verdict(one.verdict, is_allowed=one.is_allowed)
        said = printable(alert_text(one, coverage))[:_WHOLE_REASON]
        table.add_row(_indented(name, 2), verdict, Text(said))
    return table


def _not_judged(coverage: Coverage) -> Iterator[Text]:
    """The panels that are left out, those of one dashboard and reason together."""
    for board in coverage.dashboards:
        names: dict[str, list[str]] = {}
        for one in board.excluded:
            names.setdefault(one.reason, []).append(printable(one.name))
        for reason, found in names.items():
            title = f"{printable(board.title)}, " if len(coverage.dashboards) > 1 else ""
            said = f"  {title}{reason}: {', '.join(found)}"
            yield Text(said, style="dim", overflow="fold")


def _boards(coverage: Coverage, width: int) -> Iterator[RenderableType]:
    """Each dashboard's title over the whole width, and its panels in columns that line up."""
    longest = max((len(panel.title or panel.path) for panel in coverage.panels), default=0) + 2
    for board in coverage.dashboards:
        yield Text(printable(board.title), style="bold", overflow="fold")
        yield _panels(board, width, longest)


def _panels(board: DashboardCoverage, width: int, longest: int) -> Table:
    has_types = width >= _TYPES_FROM
    taken = _VERDICT_WIDTH + (_TYPE_WIDTH + 2 if has_types else 0) + 4
    share = 0.36 if width < _WIDE_FROM else 0.3
    titles = min(max(longest, 12), int(width * share))
    steps = max(width - titles - taken, 12)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("  panel", overflow="fold", width=titles)
    if has_types:
        table.add_column("type", overflow="fold", width=_TYPE_WIDTH, style="dim")
    table.add_column("verdict", no_wrap=True, width=_VERDICT_WIDTH)
    table.add_column("time per step", overflow="fold", width=steps)
    for panel in board.panels:
        for cells in _rows(panel, steps, width):
            table.add_row(*(cells if has_types else (cells[0], *cells[2:])))
    return table


def _rows(
    panel: PanelCoverage, steps_width: int, width: int
) -> Iterator[tuple[RenderableType, ...]]:
    """A panel's line; one more for each field where there are several with steps."""
    title, kind = (
        _indented(Text(printable(panel.title or panel.path)), 2),
        Text(printable(panel.type)),
    )
    verdict = _verdict(panel.verdict, is_allowed=panel.is_allowed)
    judged = [field for field in panel.fields if field.steps]
    if len(judged) <= 1:
        chips = _chips(judged[0], steps_width, width) if judged else Text("")
        yield title, kind, verdict, chips
        return
    yield title, kind, verdict, Text("")
    for field in judged[:_MOST_FIELDS]:
        name = _indented(Text(printable(field.name), style="dim"), 4)
        is_allowed = field.is_allowed or panel.is_allowed
        mark = _verdict(field.verdict, is_allowed=is_allowed)
        yield name, Text(""), mark, _chips(field, steps_width, width)
    if len(judged) > _MOST_FIELDS:
        yield Text(f"    and {len(judged) - _MOST_FIELDS} more", style="dim"), *[Text("")] * 3


def _indented(text: Text, columns: int) -> Padding:
    """The text with all of its lines indented, so that a long name is still seen to be one."""
    return Padding(text, (0, 0, 0, columns))


def _verdict(verdict: Verdict, *, is_allowed: bool) -> Text:
    if is_allowed and verdict is not Verdict.EXERCISED:
        return Text(f"{GLYPHS[verdict]} allowed", style="dim")
    return Text(f"{GLYPHS[verdict]} {WORDS[verdict]}", style=_STYLES[verdict])


def _chips(field: FieldCoverage, steps_width: int, width: int) -> Text:
    """The steps side by side, in as many lines as they need."""
    between = "  " if width >= _WIDE_FROM else " "
    packed, used = Text(""), 0
    for index, step in enumerate(field.steps):
        chip = _wide_chip(step, field) if width >= _WIDE_FROM else _chip(step)
        is_full = used + len(between) + len(chip) > steps_width
        if index:
            packed.append("\n" if is_full else between)
        used = len(chip) + (0 if is_full else used + len(between))
        packed.append_text(chip)
    return packed


def _chip(step: StepCoverage) -> Text:
    """A step, filled where it was exercised, and for how long it was."""
    is_seen = step.verdict is Verdict.EXERCISED
    return step_chip(step.color, duration_text(step.seconds) if is_seen else "-", is_seen=is_seen)


def _wide_chip(step: StepCoverage, field: FieldCoverage) -> Text:
    """The same with the band; and the episode that was on for longest, where there were few."""
    is_seen = step.verdict is Verdict.EXERCISED
    words = duration_text(step.seconds) if is_seen else WORDS[step.verdict]
    text = step_chip(
        step.color,
        (printable(band_text(step, field)), "dim"),
        (words, "" if is_seen else _STYLES[step.verdict]),
        is_seen=is_seen,
    )
    if is_seen and _is_telling(step):
        text.append(f" {printable(episodes_text(step.episodes, most=1))}", style="dim")
    return text


def _is_telling(step: StepCoverage) -> bool:
    return 0 < len(step.episodes) <= 3  # noqa: PLR2004 - with more of them no name tells anything


def _missing(missing: Sequence[Place], coverage: Coverage, width: int) -> Table:
    """What is not exercised and why: beside it, or below it where that is too narrow."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, width=_VERDICT_WIDTH)
    table.add_column(overflow="fold", ratio=2)
    if width >= _WIDE_FROM:
        table.add_column(overflow="fold", ratio=3)
    for place in missing:
        mark = _verdict(place.verdict, is_allowed=place.is_allowed)
        why = Text(printable(uncovered_text(place, coverage))[:_WHOLE_REASON], style="dim")
        what = _what(place)
        if width >= _WIDE_FROM:
            table.add_row(mark, what, why)
        else:
            table.add_row(mark, Text("\n").join([what, why]) if why else what)
    return table


def _what(place: Place) -> Text:
    what = Text(printable(place.panel.title or place.panel.path))
    if place.finding is not None:
        what.append(f" · query {printable(place.finding.source)}")
        what.append(f" {place.finding.code}", style="bold")
    if place.field is not None and (len(place.panel.fields) > 1 or place.step is None):
        what.append(f" · {printable(place.field.name)}")
    if place.field is not None and place.step is not None:
        band = printable(band_text(place.step, place.field))
        what.append(f" {band}", style="bold").append(f" ({printable(place.step.color)})")
    return what
