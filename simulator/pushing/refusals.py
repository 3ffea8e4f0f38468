"""Groups that a Pushgateway refuses: said when it happens, and at the end of the run."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from simulator.errors import PushgatewayError
from simulator.pushing.gateway import Pushgateway
from simulator.pushing.grouping_key import labels_path
from simulator.pushing.groups import Group, groups_of
from simulator.quoting import printable, shortened

__all__ = ["Refusals"]

_LOG = logging.getLogger(__name__)
_MOST_SHOWN = 20
_NUMBER = re.compile(r"\d[\d.e+-]*")
_TYPE = re.compile(rb"^# TYPE (\S+) (\S+)$", re.MULTILINE)


class Refusals:
    """Told of each group that the gateway took or refused, by job.

    Each distinct text of a refusal is logged once, with the group that is in the way where there
    is one: a metric has one type in the whole of a Pushgateway, whoever pushes it.
    """

    def __init__(self, gateway: Pushgateway, instance: str) -> None:
        self._gateway = gateway
        self._instance = instance
        self._shown: set[str] = set()
        self._n_taken: Counter[str] = Counter()
        self._n_refused: Counter[str] = Counter()
        self._reasons: dict[str, str] = {}
        self._clashing: set[str] = set()

    @property
    def are_there(self) -> bool:
        """Whether anything was refused."""
        return bool(self._n_refused)

    def note_taken(self, job: str) -> None:
        """The gateway took the group of a job."""
        self._n_taken[job] += 1

    def note_refused(self, job: str, body: bytes, refusal: PushgatewayError) -> None:
        """The gateway refused the group of a job, whose text this is."""
        self._n_refused[job] += 1
        if job in self._clashing or not self._is_new(refusal):
            self._reasons.setdefault(job, f"refused: {shortened(str(refusal))}")
        elif clash := self._clash(body):
            self._clashing.add(job)  # the gateway says it in ever other words
            self._reasons[job] = clash
            _LOG.error("%s is %s", job, clash)
        else:
            self._reasons[job] = f"refused: {shortened(str(refusal))}"
            _LOG.error("%s", refusal)

    def note(self, refusal: PushgatewayError) -> None:
        """The gateway refused something else than a group."""
        if self._is_new(refusal):
            _LOG.error("%s", refusal)

    def summary(self) -> Iterator[str]:
        """A line for each job that was refused: how often, why, and what to do."""
        for job, n_refused in self._n_refused.items():
            n_pushes = n_refused + self._n_taken[job]
            times = f"did not arrive {n_refused} times of {n_pushes}"
            yield f"{job} {times if self._n_taken[job] else 'never arrived'}: {self._reasons[job]}"

    def _is_new(self, refusal: PushgatewayError) -> bool:
        """Whether nothing like it was logged before.

        The gateway's texts repeat the values pushed and list problems in any order, so texts are
        compared without numbers and without order. However they differ, few are shown.
        """
        gist = " ".join(sorted(_NUMBER.sub("0", str(refusal)).split()))
        is_new = gist not in self._shown and len(self._shown) < _MOST_SHOWN
        if is_new:
            self._shown.add(gist)
        return is_new

    def _clash(self, body: bytes) -> str:
        """The group of somebody else that has a metric of the body with another type, if any."""
        types = {name.decode(): kind.decode() for name, kind in _TYPE.findall(body)}
        try:
            groups = self._gateway.groups()
        except PushgatewayError:
            return ""
        own = groups_of(groups, self._instance)
        others = [group for group in groups if group not in own]
        return next(_clashes(types, others, self._gateway.endpoint.url), "")


def _clashes(types: Mapping[str, str], groups: Sequence[Group], url: str) -> Iterator[str]:
    for group in groups:
        for name, kind in types.items():
            theirs = group.types.get(name, kind)
            if theirs != kind:
                labels = ", ".join(f'{k}="{v}"' for k, v in sorted(group.labels.items()))
                yield printable(
                    f"refused by group {{{labels}}}, in which {name} is a {theirs} and not a "
                    f"{kind}; delete that group: curl -X DELETE {url}{labels_path(group.labels)}"
                )
