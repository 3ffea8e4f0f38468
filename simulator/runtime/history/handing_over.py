"""What a history leaves to the live run that goes on where it stopped, as a file beside it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from simulator.errors import ScenarioError
from simulator.mapping.model import Mapping
from simulator.quoting import quoted, shortened
from simulator.reading.files import read_text
from simulator.runtime.history.windows import Run
from simulator.scenario.model import Scenario
from simulator.scenario.timed_run import timestamp
from simulator.simulation.handover import Handover

__all__ = [
    "HANDOVER_FILE",
    "HandoverFile",
    "handover_text",
    "read_handover",
    "read_recent_handover",
]

HANDOVER_FILE = "handover.json"
_MOST_BYTES = 16 * 1024 * 1024


class HandoverFile(BaseModel):
    """When a history ended, whose series they are, what was simulated, and the state."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    end: AwareDatetime
    instance: str
    scenario: str
    seed: int
    compression: float
    state: Handover
    metrics: dict[str, dict[str, Any]]
    mapping: str = ""
    mapping_digest: str = ""

    def differences(self, scenario: Scenario) -> Iterator[str]:
        """What another scenario would change in the middle of the series, in words."""
        now = {
            "scenario": (self.scenario, scenario.name),
            "seed": (self.seed, scenario.seed),
            "compression": (self.compression, scenario.compression),
        }
        for what, (before, after) in now.items():
            if before != after:
                yield f"{what} {shortened(str(before))} before and {after} now"


def handover_text(run: Run) -> str:
    """The file's content, once the run is over."""
    timed = run.timed
    file = HandoverFile(
        end=datetime.fromtimestamp(timed.end, UTC),
        instance=timed.instance,
        scenario=timed.scenario.name,
        seed=timed.scenario.seed,
        compression=timed.scenario.compression,
        state=run.handover(),
        metrics=run.export.left(),
        mapping=run.export.mapping.name,
        mapping_digest=run.export.mapping.digest,
    )
    return file.model_dump_json() + "\n"


def read_handover(folder: Path, *, instance: str, mapping: Mapping) -> HandoverFile:
    """What the history in a folder left, for a live run with the same instance label and names.

    Raises:
        ScenarioError: there is none, it cannot be used, its series are of another instance or
            under another mapping, or it ends after now.
    """
    path = folder / HANDOVER_FILE
    try:
        text = read_text(path, most=_MOST_BYTES, error=ScenarioError)
    except ScenarioError as error:
        raise ScenarioError(
            f"no history to go on from: {error}; "
            f"write one with: simulator backfill SCENARIO --output {shortened(str(folder))}"
        ) from error
    try:
        left = HandoverFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = shortened(".".join(map(str, first["loc"]))) or "the file"
        is_whole = first["type"] in {"missing", "json_invalid"}  # its input is all there is
        shown = "" if is_whole else f", found {quoted(first['input'])}"
        raise ScenarioError(f"{path}: {place}: {shortened(first['msg'])}{shown}") from error
    if left.instance != instance:
        raise ScenarioError(
            f"the history in {folder} is of instance {quoted(left.instance)}, not "
            f"{quoted(instance)}: its counters would not go on; choose the same --instance"
        )
    if left.mapping_digest != mapping.digest:
        raise ScenarioError(
            f"the history in {folder} is under the mapping {quoted(left.mapping)}, and not under "
            f"{quoted(mapping.name)} as it is now: its counters would not go on; choose the same "
            "--mapping, or write the history anew"
        )
    if left.end.timestamp() > time.time():
        raise ScenarioError(
            f"the history in {folder} ends at {timestamp(left.end.timestamp())}, which is still to "
            "come: a Prometheus takes nothing older than what it has"
        )
    return left


def read_recent_handover(
    folder: Path, *, instance: str, mapping: Mapping, most_seconds: float
) -> HandoverFile | None:
    """The same of a history that ended at most so long ago; None of an older one.

    A service that is started again and again with the same arguments goes on from its history the
    first time only: later, its counters have gone on already, and set back to where the history
    ended they would all count as new.

    Raises:
        ScenarioError: as `read_handover`.
    """
    left = read_handover(folder, instance=instance, mapping=mapping)
    return left if time.time() - left.end.timestamp() <= most_seconds else None
