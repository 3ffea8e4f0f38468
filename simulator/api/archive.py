"""The latest decisions, bounded in number."""

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Archive", "DecisionRecord", "Verdict"]

Verdict = Literal["accepted", "review", "refused"]


@dataclass(slots=True)
class DecisionRecord:
    """A decision and what it rests on; a person's review may change it."""

    decision_id: str
    applicant_id: str
    score: int
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
        self._of_applicant: defaultdict[str, set[str]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._records)

    def add(self, record: DecisionRecord) -> None:
        """Keeps a decision."""
        if len(self._records) >= self._limit:
            _, oldest = self._records.popitem(last=False)
            self._forget(oldest)
        self._records[record.decision_id] = record
        self._of_applicant[record.applicant_id].add(record.decision_id)

    def get(self, decision_id: str) -> DecisionRecord | None:
        """The decision of that id, if it is still there."""
        return self._records.get(decision_id)

    def erase(self, applicant_id: str) -> int:
        """Deletes an applicant's decisions and says how many there were."""
        ids = self._of_applicant.pop(applicant_id, set())
        for decision_id in ids:
            del self._records[decision_id]
        return len(ids)

    def _forget(self, record: DecisionRecord) -> None:
        ids = self._of_applicant[record.applicant_id]
        ids.discard(record.decision_id)
        if not ids:
            del self._of_applicant[record.applicant_id]
