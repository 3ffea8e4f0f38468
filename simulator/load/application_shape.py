"""Applications as a mapping has them, from what the model knows of an applicant."""

import math
from collections.abc import Callable, Mapping
from typing import Final, cast
from uuid import NAMESPACE_OID, uuid5

from simulator.load.request_shape import Filling, json_text
from simulator.mapping.application import Application
from simulator.mapping.feature_place import WHOLE, FeaturePlace
from simulator.mapping.templates import parts_of
from simulator.scenario.vocabulary import CHANNELS, Channel, Feature

__all__ = ["COMPUTED", "ApplicationShape"]

#: Features that are computed, and typed by nobody; the others are whole in the model's unit.
COMPUTED: Final[frozenset[Feature]] = frozenset({"revolving_utilisation", "debt_to_income"})
_RATIO_DECIMALS: Final = 4
_OF_ONE_WORKER: Final = 10_000_000
_CHANNELS: Final[Mapping[Channel, str]] = {channel: json_text(channel) for channel in CHANNELS}


class ApplicationShape:
    """Where things lie in an application, how numbers are written, and what is filled in."""

    def __init__(self, application: Application) -> None:
        self._application = application
        keys = application.applicant_keys
        self._is_numbered_alone = "worker" not in parts_of(keys)[1::2]
        self._key = _with_gaps(keys)
        channels = application.channels
        self.places: dict[str, str] = {}
        if channels is not None:
            self.places["channel"] = channels.at
        if application.applicant is not None:
            self.places["applicant"] = application.applicant
        self.places |= {feature: place.at for feature, place in application.features.items()}
        self.written: dict[str, str] = {
            feature: _written(feature, place)
            for feature, place in application.features.items()
            if not place.values and not place.text
        }
        self._changed: list[tuple[Feature, Callable[[float], object]]] = [
            (feature, change)
            for feature, place in application.features.items()
            if (change := _change(feature, place)) is not None
        ]
        as_they_are = self.written.keys() - COMPUTED - {feature for feature, _ in self._changed}
        self.written |= dict.fromkeys(as_they_are, "d")
        said = {} if channels is None else {c: json_text(w) for w, c in channels.values.items()}
        usual = said.get(application.channel, next(iter(said.values()), ""))
        self._channels = {c: said.get(c, usual) for c in _CHANNELS} if said else _CHANNELS

    @property
    def has_applicant(self) -> bool:
        """Whether an applicant's key is sent."""
        return self._application.applicant is not None

    def key(self, worker: str, number: int) -> str:
        """The key of an applicant, as JSON; the number is no other's of this worker.

        >>> ApplicationShape(Application(answer={})).key("worker-0", 17)
        '"worker-0-17"'
        >>> ApplicationShape(Application(answer={}, applicant_keys="{number}")).key("worker-2", 17)
        '20000017'
        """
        if self._is_numbered_alone:  # two workers send different people
            number += _OF_ONE_WORKER * int("".join(filter(str.isdecimal, worker)) or 0)
        return self._key % _KeyParts(worker=worker, number=number)

    def filled(self, filling: Filling, channel: Channel, applicant: str) -> Filling:
        """What fills the gaps, from features in the model's units and a key, which is JSON."""
        filling["channel"] = self._channels[channel]
        filling["applicant"] = applicant
        for feature, change in self._changed:
            filling[feature] = change(cast("float", filling[feature]))
        return filling


class _KeyParts(dict[str, object]):
    """What keys are made of; what is seldom in them is made where it is asked for.

    >>> _KeyParts(worker="worker-0", number=17)["digits_4"]
    '0017'
    """

    def __missing__(self, name: str) -> str:
        if name == "uuid":
            return str(uuid5(NAMESPACE_OID, f"{self['worker']}-{self['number']}"))
        size = int(name.removeprefix("digits_"))
        return f"{self['number']:0{size}}"[-size:]


def _with_gaps(keys: str) -> str:
    """Keys as JSON, with gaps; a number that stands alone is no text.

    >>> _with_gaps("CUST{number}"), _with_gaps("{number}")
    ('"CUST%(number)s"', '%(number)s')
    """
    parts = (f"%({p})s" if i % 2 else p.replace("%", "%%") for i, p in enumerate(parts_of(keys)))
    return "%(number)s" if keys == "{number}" else json_text("".join(parts))


def _written(feature: Feature, place: FeaturePlace) -> str:
    """How it is written: with as many digits as it has in the model's unit, as far as they go.

    >>> _written("net_income", FeaturePlace(at="income", unit="yearly"))
    '.0f'
    >>> _written("job_tenure_months", FeaturePlace(at="years", unit="years"))
    '.2f'
    >>> _written("debt_to_income", FeaturePlace(at="debt", unit="percent"))
    '.2f'
    """
    if feature in WHOLE or place.whole:
        return ".0f"  # rounded, which d is not
    factor = place.factor(feature)
    decimals = _RATIO_DECIMALS if feature in COMPUTED else 0
    if factor == 1.0:
        return f".{decimals}f"
    return f".{max(0, decimals + math.ceil(math.log10(factor) - 1e-9))}f"


def _change(feature: Feature, place: FeaturePlace) -> Callable[[float], object] | None:
    """How to come from the model's value to what is written; None where that is it."""
    if place.values:
        return lambda value: json_text(place.as_sent(feature, value))
    factor = place.factor(feature)
    if place.text:
        as_text = f'"%{_written(feature, place)}"'
        return lambda value: as_text % place.within(value / factor)
    if (place.least, place.most, place.step) != (None, None, None):
        return lambda value: place.within(value / factor)
    return None if factor == 1.0 else lambda value: value / factor
