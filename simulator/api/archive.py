"""The latest decisions, bounded in number."""

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from typing import Literal

import msgspec

__all__ = ["Archive", "DecisionRecord", "Verdict"]

Verdict = Literal["accepted", "review", "refused"]


class DecisionRecord(msgspec.Struct, gc=False):
    """A decision and what it rests on; a person's review may change it.

    Many are kept, and Python's collector of cyclic garbage need not look at any of them.
    """

    decision_id: str
    applicant_id: str | int
    points: int
    decision: Verdict
    version: int
    features: Sequence[float]
    reviewed_by: str | None = None


class Archive:
    """Decisions by their id; the oldest make room when there are more than `limit`.

    >>> archive = Archive(limit=1)
    >>> archive.add(DecisionRecord("a", "p", 700, "accepted", 0, ()))
    >>> archive.add(DecisionRecord("b", "p", 700, "accepted", 0, ()))
    >>> archive.get("a") is None, archive.erase("p"), len(archive)
    (True, 1, 0)
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._records: OrderedDict[str, DecisionRecord] = OrderedDict()
        # dicts for sets: the collector passes over those that hold no objects of its own
        self._of_applicant: defaultdict[str, dict[str, None]] = defaultdict(dict)

    def __len__(self) -> int:
        return len(self._records)

    def add(self, record: DecisionRecord) -> None:
        """Keeps a decision."""
        if len(self._records) >= self._limit:
            _, oldest = self._records.popitem(last=False)
            self._forget(oldest)
        self._records[record.decision_id] = record
        self._of_applicant[str(record.applicant_id)][record.decision_id] = None

    def get(self, decision_id: str) -> DecisionRecord | None:
        """The decision of that id, if it is still there."""
        return self._records.get(decision_id)

    def erase(self, applicant_id: str) -> int:
        """Deletes an applicant's decisions and says how many there were."""
        ids = self._of_applicant.pop(applicant_id, {})
        for decision_id in ids:
            del self._records[decision_id]
        return len(ids)

    def _forget(self, record: DecisionRecord) -> None:
        key = str(record.applicant_id)
        ids = self._of_applicant[key]
        ids.pop(record.decision_id, None)
        if not ids:
            del self._of_applicant[key]
