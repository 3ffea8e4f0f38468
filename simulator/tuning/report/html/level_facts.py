"""One threshold with what its charts are drawn from."""

from dataclasses import dataclass

from simulator.tuning.choosing.proposing import Chosen
from simulator.tuning.judging.judgements import Judgement, Setting
from simulator.tuning.report.criterion_text import setting_text
from simulator.tuning.results import LevelTuning, MonitorTuning

__all__ = ["LevelFacts", "Marked", "level_facts"]


@dataclass(frozen=True, slots=True)
class Marked:
    """A setting that is shown, judged on the recordings chosen on; `kind` is its style."""

    kind: str
    label: str
    setting: Setting
    judged: Judgement
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class LevelFacts:
    """A level that is tuned by itself, on the recordings that were chosen on."""

    level: LevelTuning
    chosen: Chosen
    marked: tuple[Marked, ...]


def level_facts(part: MonitorTuning, level: LevelTuning) -> LevelFacts | None:
    """The facts of a level; None where it follows another, or no incident asks for it."""
    if part.chosen is None or level.level not in part.chosen.sweeps:
        return None
    marked = (
        Marked(
            kind,
            level.headings[kind],
            setting,
            level.chosen_on[kind],
            setting_text(setting, part.monitor),
        )
        for kind, setting in level.settings.items()
    )
    return LevelFacts(level, part.chosen, tuple(marked))
