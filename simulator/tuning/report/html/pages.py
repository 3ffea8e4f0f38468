"""The pages: an index of all thresholds, and one for each part of the tuning."""

from jinja2 import Environment

from simulator.drawing.chart import Key, gutter
from simulator.drawing.page_templates import page_environment
from simulator.tuning.report.criterion_text import CRITERION_MEANINGS, CRITERION_NAMES
from simulator.tuning.report.html.file_names import INDEX, file_names, lead_files
from simulator.tuning.report.html.index_view import COLUMNS, facts, headline, index_part
from simulator.tuning.report.html.level_view import level_view
from simulator.tuning.report.html.monitor_facts import monitor_facts
from simulator.tuning.report.html.signal_charts import limits, recording_badge, signal_charts
from simulator.tuning.results import MonitorTuning, Tuning

__all__ = ["html_pages"]


def html_pages(tuning: Tuning) -> dict[str, str]:
    """The text of each page by file name: `index.html`, and one for each part of the tuning."""
    environment = page_environment("simulator.tuning.report.html")
    files = file_names([part.monitor.name for part in tuning.parts])
    leads = lead_files(tuning.parts, files)
    pages = {INDEX: _index(environment, tuning, files, leads)}
    for part, file, lead in zip(tuning.parts, files, leads, strict=True):
        pages[file] = _monitor(environment, tuning, part, lead)
    return pages


def _index(
    environment: Environment, tuning: Tuning, files: tuple[str, ...], leads: tuple[str, ...]
) -> str:
    return environment.get_template("index.html.j2").render(
        subject=tuning.subject,
        headline=headline(tuning),
        facts=facts(tuning),
        columns=COLUMNS,
        is_unseen=tuning.n_unseen > 0,
        index_parts=[
            index_part(part, file, lead)
            for part, file, lead in zip(tuning.parts, files, leads, strict=True)
        ],
        skipped=tuning.skipped,
        unknown=tuning.unknown,
        meanings=_meanings(),
    )


def _monitor(environment: Environment, tuning: Tuning, part: MonitorTuning, lead: str) -> str:
    recordings = signal_charts(part)
    levels = [level_view(tuning, part, level) for level in part.levels]
    charts = [chart for level in levels for chart in level.charts]
    return environment.get_template("monitor.html.j2").render(
        subject=tuning.subject,
        name=part.monitor.name,
        facts=monitor_facts(part),
        follows=part.follows,
        lead=lead,
        index=INDEX,
        levels=levels,
        has_charts=bool(charts),
        recordings=[(one, recording_badge(n, tuning)) for n, one in enumerate(recordings, start=1)],
        keys=[
            *(Key(one.kind, one.title, symbol="line") for one in limits(part)),
            Key("line l0", "signal", symbol="line"),
        ],
        has_values=any(not one.empty for one in recordings),
        chart_gutter=gutter(charts),
        recording_gutter=gutter(recordings),
        meanings=_meanings(),
    )


def _meanings() -> list[tuple[str, str]]:
    return [(name, CRITERION_MEANINGS[key]) for key, name in CRITERION_NAMES.items()]
