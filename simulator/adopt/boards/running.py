"""What a running Prometheus tells of metrics: types, help and labels, no samples."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulator.adopt.boards.families import Family
from simulator.adopt.boards.label_words import OWN
from simulator.adopt.boards.needs import LabelNeed
from simulator.observation.prometheus import Prometheus
from simulator.observation.query_answers import Told

__all__ = ["Running", "is_private", "with_labels"]

_HOUR: Final = 3600.0
_MOST_VALUES: Final = 20
_OF_SERIES: Final = frozenset({"__name__", "le", "quantile"})
_PRIVATE_LABELS: Final = re.compile(
    r"user|customer|client_?id|applicant|person|mail|phone|token|secret|password|session|iban|"
    r"account|address|(^|_)ip($|_)|(first|last|full)_?name|siren|ssn|birth",
    re.IGNORECASE,
)
_PRIVATE_VALUES: Final = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+"  # a mail
    r"|\+?\d[\d .()-]{7,}\d"  # a telephone, or another long number
    r"|\d{1,3}(\.\d{1,3}){3}(:\d+)?"  # an address
    r"|([0-9a-f]{1,4}:){3,}[0-9a-f:]+"
    r"|[0-9a-f]{8}-[0-9a-f-]{20,}"  # a UUID
    r"|(?=.*\d)[A-Za-z0-9_=+/.-]{24,}"  # a token
    r"|[A-Z][a-zà-ÿ]+ [A-Z][a-zà-ÿ'-]+"  # a first and a last name
)


def is_private(label: str, value: str) -> bool:
    """Whether a value looks like a person, a mail, a token or an address.

    >>> is_private("owner", "jane@example.org"), is_private("customer_id", "7")
    (True, True)
    >>> is_private("model", "credit-v2"), is_private("endpoint", "/predict")
    (False, False)
    """
    return bool(_PRIVATE_LABELS.search(label) or _PRIVATE_VALUES.fullmatch(value))


@dataclass(frozen=True, slots=True)
class Running:
    """What is told: of each metric, and of each the labels of its series with their values.

    Values are left out where nobody wants them, or where they look like a person's.
    """

    told: Mapping[str, Told] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, str]:
        """The type of each metric."""
        return {name: one.type for name, one in self.told.items()}

    @classmethod
    def of(
        cls, prometheus: Prometheus, names: Iterable[str], *, now: float, with_values: bool
    ) -> "Running":
        """What is told of metrics with these names, and their series of the hour before `now`.

        Raises:
            PrometheusError: nothing answers, or something else than a Prometheus.
        """
        labels: dict[str, dict[str, list[str]]] = {}
        for name in names:
            found: dict[str, list[str]] = {}
            for one in prometheus.series(f'{{__name__="{name}"}}', start=now - _HOUR, end=now):
                for label, value in one.items():
                    values = found.setdefault(label, [])
                    is_shown = with_values and not is_private(label, value)
                    if is_shown and value not in values and len(values) < _MOST_VALUES:
                        values.append(value)
            labels[name] = found
        return cls(prometheus.metadata(), labels)


def with_labels(families: Iterable[Family], running: Running) -> None:
    """Asks of each metric for the labels that its running series have."""
    for family in families:
        for name in family.names:
            for label, values in running.labels.get(name, {}).items():
                if label not in _OF_SERIES | OWN:
                    need = family.need.labels.setdefault(label, LabelNeed())
                    need.add(LabelNeed(chosen=list(values)))
