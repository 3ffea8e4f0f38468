"""A route as users call it: what is sent to it, and how its answers are read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pydantic import JsonValue

from simulator.load.application_shape import ApplicationShape
from simulator.load.expected import Expected, UnexpectedAnswerError
from simulator.load.request_shape import Filling, RequestShape, Sent, json_text
from simulator.mapping.places import parsed, value_at
from simulator.scenario.platform.policy import DecisionNames
from simulator.scenario.vocabulary import Endpoint

__all__ = ["LISTED", "OF_DECISIONS", "Call", "Keys"]

#: What is asked about a decision.
OF_DECISIONS: Final[frozenset[Endpoint]] = frozenset({"decision", "explanation", "review"})
#: The gap in a batch for its applications.
LISTED: Final = "applications"


class Keys(NamedTuple):
    """What one can come back to: a decision, if answers say which, and its applicant, as JSON."""

    decision: str | int | None
    applicant: str


@dataclass(frozen=True)
class Call:
    """A route as users call it, without `item` for one applicant or none, with it for several.

    `most` is the largest number of applications, `is_open` says whether it is called without a
    token or a key, and `is_own` whether it is of the simulation's own API. `refusal` is what is
    expected of answers that refuse, if it is known, and `mistakes` are values for fields that it
    has to refuse: None is no value. `words` are those for decisions. `status` is that of its
    answers, and where it `is_silent` nothing is known of what they hold; `endpoint` is None where
    it is none of the simulation's.
    """

    endpoint: Endpoint | None
    method: str
    route: str
    request: RequestShape
    expected: Expected
    application: ApplicationShape
    words: DecisionNames
    item: RequestShape | None = None
    most: int = 1
    is_open: bool = True
    is_own: bool = False
    refusal: Expected | None = None
    mistakes: Sequence[tuple[str, JsonValue]] = ()
    status: int = 200
    is_silent: bool = False

    def sent(self, filling: Filling) -> Sent:
        """A request for one, or for none."""
        return self.request.fill(filling)

    def sent_together(self, fillings: Sequence[Filling]) -> Sent:
        """A batch of applications, with what else is sent as for the first one."""
        if self.item is None:
            raise ValueError(f"{self.method} {self.route} takes no batch")
        listed = ",".join(filter(None, map(self.item.body, fillings)))
        return self.request.fill(Filling({**fillings[0], LISTED: f"[{listed}]"}))

    def read_decisions(self, fillings: Sequence[Filling], raw: bytes) -> Keys:
        """The keys of the last decision in an answer to applications.

        Raises:
            UnexpectedAnswerError: there is not one for each applicant, of that applicant.
        """
        found = self.expected.read(raw)
        if len(found) != len(fillings):
            raise UnexpectedAnswerError("not a decision for each application")
        if self.application.has_applicant:
            for each, filling in zip(found, fillings, strict=True):
                if f'"{each.applicant_id}"' != filling["applicant"]:  # which it is as a rule
                    self._require_same("applicant_id", each.applicant_id, filling["applicant"])
        return Keys(found[-1].decision_id, str(fillings[-1]["applicant"]))

    def read_about(self, filling: Filling, raw: bytes) -> None:
        """Nothing, where an answer is about what was asked for by a key.

        Raises:
            UnexpectedAnswerError: it is not.
        """
        for found in self.expected.read(raw):
            if self.endpoint in OF_DECISIONS:
                self._require_same("decision_id", found.decision_id, filling["key"])
            elif self.endpoint == "erasure":
                self._require_same("applicant_id", found.applicant_id, filling["key"])

    def read_refusal(self, raw: bytes) -> None:
        """Nothing, where an answer refuses as the API does, as far as that is known.

        Raises:
            UnexpectedAnswerError: it does not.
        """
        if self.refusal is not None:
            self.refusal.read(raw)

    def _require_same(self, name: str, found: str | int | None, sent: object) -> None:
        if found is None or f'"{found}"' == sent or str(found) == sent:
            return  # a whole number may come back as a text, and the other way round
        if json_text(found) != sent:
            raise UnexpectedAnswerError(f"another {self.expected.place(name)}")

    def mistaken(self, filling: Filling, *, chance: float) -> Sent | None:
        """A request that somebody filled in wrongly; None where there is no certain mistake.

        `chance`, from 0 to 1, says which one of the mistakes it is.
        """
        sent = self.request.fill(filling)
        if not self.mistakes or sent.body is None:
            return None
        place, value = self.mistakes[int(chance * len(self.mistakes))]
        *way, last = parsed(place).steps
        body = json.loads(sent.body)
        inside = value_at(body, way)
        if not isinstance(inside, dict):
            return None
        if value is None:
            inside.pop(last)
        else:
            inside[last] = value
        return sent._replace(body=json.dumps(body))
