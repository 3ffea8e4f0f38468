"""A proposal as the text of a mapping's file: reasons as comments, marks of what was written."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from simulator.adopt.boards.proposal import Proposal, reason_of
from simulator.adopt.yaml_notes import Noted, comment_lines, yaml_lines

__all__ = ["BEFORE", "MARK", "digest_of", "entry_lines", "file_text"]

#: Behind it stands what a metric was when it was written, so that a change by hand is known.
MARK: Final = "adopt:"
#: Behind it stand the metrics that were written, so that one that was taken out is known.
BEFORE: Final = f"# {MARK} written: "
_PLATFORM: Final = "platform"
_NAMES_A_LINE: Final = 5


def digest_of(content: object) -> str:
    """A few letters that change with what they are of.

    >>> digest_of({"measure": "psi"}) == digest_of({"measure": "psi"})
    True
    """
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def entry_lines(name: str, content: Any, notes: Sequence[str]) -> list[str]:  # noqa: ANN401 - as in a file
    """A key of a file with its value, and comments before it of which the last is its mark."""
    noted = Noted({name: content})
    noted.say((name,), *notes, f"{MARK} {digest_of(content)}")
    return list(yaml_lines(noted))


def file_text(
    proposed: Proposal, name: str, source: str, kept: Mapping[str, Sequence[str]] | None = None
) -> str:
    """The whole file; `kept` are lines in the place of a metric's, or of the platform's."""
    instead = dict(kept or {})
    head = [
        f"Proposed from {source}: {len(proposed.metrics)} metrics, of which "
        f"{proposed.n_signals} are extra signals; {len(proposed.not_adopted)} not adopted.",
        "Before each metric stands how sure it is (sure, likely, guess) and why. A metric that is "
        "changed by hand stays as it is when this is written again.",
    ]
    lines = list(comment_lines(head))
    lines += yaml_lines(
        Noted({"version": 1, "name": name, "description": f"Proposed from {source}."})
    )
    lines += instead.pop("", ())
    if _PLATFORM in instead:
        lines += instead.pop(_PLATFORM)
    elif proposed.platform:
        lines += entry_lines(_PLATFORM, proposed.platform, list(proposed.platform_notes.values()))
    lines.append("metrics:")
    for metric in (*proposed.metrics, *(one for one in instead if one not in proposed.metrics)):
        lines += [f"  {line}" if line else "" for line in _metric(proposed, metric, instead)]
    if lines[-1] == "metrics:":
        lines[-1] = "metrics: {}"
    lines += comment_lines(list(_behind(proposed)))
    names = list(proposed.metrics)
    for at in range(0, len(names), _NAMES_A_LINE):
        lines.append(f"{BEFORE}{' '.join(names[at : at + _NAMES_A_LINE])}")
    return "\n".join([*lines, ""])


def _metric(proposed: Proposal, metric: str, instead: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if metric in instead:
        return instead[metric]
    one = proposed.metrics[metric]
    missing = [f"not had: {said}" for said in one.missing]
    return entry_lines(metric, one.content, [reason_of(one), *one.notes, *missing])


def _behind(proposed: Proposal) -> Iterator[str]:
    """What is not in the file, and why."""
    for said in proposed.contradictions:
        yield f"contradiction: {said}"
    for name, why in proposed.not_adopted:
        yield f"not adopted: {name}: {why}"
    for text in proposed.unread:
        yield f"not read: {text}"
