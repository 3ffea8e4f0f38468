"""What a check found, with lines, and what of it is known already."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from simulator.checking.baseline import Known, known_of
from simulator.checking.check import Found, found_in
from simulator.checking.material import Material
from simulator.checking.problems import Problem, Weight
from simulator.reading.lines import json_line, yaml_line
from simulator.rules.model import Place

__all__ = ["Result", "Results", "results"]


@dataclass(frozen=True, slots=True)
class Result:
    """A problem with the line that it is on; `is_known` says that the baseline has it."""

    found: Found
    line: int
    is_known: bool = False

    @property
    def problem(self) -> Problem:
        """The problem itself."""
        return self.found.problem

    @property
    def fails(self) -> bool:
        """Whether a check fails for it."""
        return self.problem.weight is Weight.FINDING and not self.is_known


@dataclass(frozen=True)
class Results:
    """All that was found in the material; `gone` is what a baseline has and is not any more."""

    material: Material
    every: tuple[Result, ...]
    gone: tuple[Known, ...] = ()

    @cached_property
    def findings(self) -> tuple[Result, ...]:
        """Those that fail, or would without a baseline."""
        return tuple(one for one in self.every if one.problem.weight is Weight.FINDING)

    @cached_property
    def notes(self) -> tuple[Result, ...]:
        """What is worth knowing only."""
        return tuple(one for one in self.every if one.problem.weight is Weight.NOTE)

    @property
    def is_clean(self) -> bool:
        """Whether nothing fails."""
        return not any(one.fails for one in self.every)


def results(material: Material, known: Iterable[Known] = (), folder: Path = Path()) -> Results:
    """All that the checks find; `known` is a baseline that stands in the folder."""
    line_of = _lines()
    baseline = set(known)
    seen: set[Known] = set()
    every = []
    for one in found_in(material):
        same = known_of(one, folder) if baseline else None
        is_known = same in baseline
        if same is not None:
            seen.add(same)
        every.append(Result(one, line_of(one.problem.place), is_known))
    gone = sorted(baseline - seen, key=lambda one: (one.file, one.check, one.subject))
    return Results(material, tuple(every), tuple(gone))


def _lines() -> Callable[[Place], int]:
    """The line of a place; each file is read once."""

    @lru_cache
    def text_of(file: Path) -> str:
        try:
            return file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return ""

    @lru_cache
    def line_of(place: Place) -> int:
        text = text_of(place.file)
        if place.file.suffix == ".json":
            return json_line(text, place.path)
        return yaml_line(text, place.path, document=place.document)

    return line_of
