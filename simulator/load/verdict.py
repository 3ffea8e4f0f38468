"""What is to be made of a test: the worst band that is no failure, and the files to write."""

from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from simulator.errors import OutputError, SimulatorError
from simulator.load.bands import BANDS, USUAL_LIMITS, Band, Limits
from simulator.load.kinds import chosen_kind
from simulator.quoting import quoted
from simulator.runtime.atomic_files import write_atomically
from simulator.spelling import did_you_mean

__all__ = ["Verdict"]

_USUAL_WORST: Final[Band] = "orange"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a test is asked to come to; a file is None where it is not asked for."""

    worst: Band
    json_file: Path | None
    html_file: Path | None
    limits: Limits = USUAL_LIMITS

    @classmethod
    def of(cls, options: Namespace) -> Self | None:
        """None where no option asks for one.

        Raises:
            MappingError: a mapping cannot be used.
            OutputError: a file cannot be written.
            SimulatorError: no such band, or both files are the same.
        """
        given = str(options.worst or "").strip()
        files = [Path(f) if f else None for f in (options.summary, options.summary_html)]
        kind = chosen_kind(options)
        if kind is None and not (given or any(files)):
            return None
        if files[0] is not None and files[0] == files[1]:
            raise SimulatorError(
                f"--summary and --summary-html are both {quoted(str(files[0]))}: "
                "give each a file of its own"
            )
        for file, option in zip(files, ("--summary", "--summary-html"), strict=True):
            if file is not None:
                _require_writable(file, option)
        limits = USUAL_LIMITS if kind is None else kind.limits
        return cls(_worst(given or _USUAL_WORST), files[0], files[1], limits)


def _worst(given: str) -> Band:
    allowed = {str(band): band for band in BANDS[:-1]}
    if given not in allowed:
        raise SimulatorError(
            f"--worst is {quoted(given)}: give one of {', '.join(allowed)}"
            f"{did_you_mean(given, allowed)}"
        )
    return allowed[given]


def _require_writable(file: Path, option: str) -> None:
    """Nothing, where the file can be written when the test has ended; its folder is made.

    Raises:
        OutputError: it cannot.
    """
    try:
        if file.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(probe := file.with_name(f".{file.name}.probe"), "")
        probe.unlink()
    except (OSError, ValueError, OutputError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(
            f"{option} is {quoted(str(file))}: {reason}: "
            "name a file in a folder that can be written to"
        ) from error
