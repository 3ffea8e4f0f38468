"""What a history leaves to the live run that goes on where it stopped, as a file beside it."""

import time
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from simulator.errors import ScenarioError
from simulator.runtime.history.windows import Run
from simulator.scenario.truth import timestamp
from simulator.simulation.handover import Handover

__all__ = ["HANDOVER_FILE", "handover_text", "read_handover"]

HANDOVER_FILE = "handover.json"
_MOST_BYTES = 16 * 1024 * 1024


class _File(BaseModel):
    """When the history ended, whose series they are, and the state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    end: AwareDatetime
    instance: str
    state: Handover


def handover_text(run: Run) -> str:
    """The file's content, once the run is over."""
    truth = run.truth
    end = datetime.fromtimestamp(truth.end, UTC)
    file = _File(end=end, instance=truth.instance, state=run.handover())
    return file.model_dump_json() + "\n"


def read_handover(folder: Path, *, instance: str) -> Handover:
    """What the history in a folder left, for a live run with the same instance label.

    Raises:
        ScenarioError: there is none, it cannot be used, its series are of another instance, or it
            ends after now.
    """
    path = folder / HANDOVER_FILE
    try:
        with path.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        file = _File.model_validate_json(content)
    except OSError as error:
        raise ScenarioError(
            f"no history to go on from in {folder}: {path.name}: {error.strerror}; "
            f"write one with: simulator backfill SCENARIO --output {folder}"
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ScenarioError(f"{path}: {place}: {first['msg']}") from error
    if file.instance != instance:
        raise ScenarioError(
            f"the history in {folder} is of instance {file.instance!r}, not {instance!r}: its "
            "counters would not go on; choose the same --instance"
        )
    if file.end.timestamp() > time.time():
        raise ScenarioError(
            f"the history in {folder} ends at {timestamp(file.end.timestamp())}, which is still to "
            "come: a Prometheus takes nothing older than what it has"
        )
    return file.state
