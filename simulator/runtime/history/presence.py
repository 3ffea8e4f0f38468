"""What a folder holds already: this very history, other samples of its time, or neither."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from simulator.errors import StackError
from simulator.mapping.model import Mapping
from simulator.runtime.history.staging import BlockRange, block_ranges
from simulator.runtime.history.windows import window_counts
from simulator.scenario.timed_run import TimedRun, timestamp

__all__ = ["TRUTH_FILE", "Form", "is_there", "truth_text"]

Form = Literal["blocks", "openmetrics"]

TRUTH_FILE = "truth.json"


def truth_text(timed: TimedRun, mapping: Mapping) -> str:
    """The content of truth.json."""
    names = {"mapping": {"name": mapping.name, "digest": mapping.digest}}
    return json.dumps({**timed.as_json(), **names}, indent=2, ensure_ascii=False) + "\n"


def is_there(segments: Sequence[TimedRun], output: Path, form: Form, mapping: Mapping) -> bool:
    """Whether the folder holds this very history already, and all of it.

    Raises:
        StackError: it holds other samples of this time, which would be mixed with these, or the
            truth about another time, which would be lost.
    """
    if form == "openmetrics":
        files = sorted(file.name for file in output.glob("*.om"))
        found, is_whole = files, len(files) == len(window_counts(segments[0]))
    else:
        start, end = segments[0].start, segments[-1].end
        ranges = sorted((a, b) for a, b in block_ranges(output) if a <= end and b > start)
        found = [f"{timestamp(a)} to {timestamp(b)}" for a, b in ranges]
        is_whole = _is_covered(segments[0], ranges)
    if not found:
        if len(segments) == 1 and (output / TRUTH_FILE).exists():
            raise StackError(
                f"{output} holds the {TRUTH_FILE} of another history; choose another folder"
            )
        return False
    is_this = len(segments) == 1 and _has_truth(output, truth_text(segments[0], mapping))
    if is_this and is_whole:
        return True
    more = f" and {len(found) - 1} more" if found[1:] else ""
    what = "a part of this history" if is_this else "other samples of this time"
    raise StackError(f"{output} holds {what} already ({found[0]}{more}); choose another folder")


def _has_truth(output: Path, text: str) -> bool:
    file = output / TRUTH_FILE
    wanted = text.encode()
    with file.open("rb") if file.is_file() else io.BytesIO() as found:
        return found.read(len(wanted) + 1) == wanted


def _is_covered(timed: TimedRun, ranges: Sequence[BlockRange]) -> bool:
    """Whether no tick of the run is without a block; a Prometheus may have merged some.

    >>> from simulator.scenario.loading import load_scenario
    >>> hour = TimedRun(load_scenario("calm"), 0.0, 3600.0, 15.0, "simulator")
    >>> _is_covered(hour, [(15.0, 1800.001), (1815.0, 3600.001)])
    True
    >>> _is_covered(hour, [(15.0, 1800.001), (1830.0, 3600.001)])
    False
    """
    reached = timed.start
    for first, last in ranges:
        if first - reached > timed.step * 1.5:
            return False
        reached = max(reached, last)
    return timed.end - reached < timed.step / 2.0
