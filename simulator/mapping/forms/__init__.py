"""The forms that a metric can have of measures, one file each, by the key that a file writes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.mapping.forms.always import always
from simulator.mapping.forms.attribute import attribute
from simulator.mapping.forms.complement import complement
from simulator.mapping.forms.context import Form
from simulator.mapping.forms.count import count
from simulator.mapping.forms.events import events
from simulator.mapping.forms.flag import flag
from simulator.mapping.forms.last_value import last_value
from simulator.mapping.forms.mean import mean
from simulator.mapping.forms.measured import measured
from simulator.mapping.forms.offsets import offsets
from simulator.mapping.forms.rate import rate
from simulator.mapping.forms.ratio import ratio
from simulator.mapping.forms.signal import signal
from simulator.mapping.forms.time_value import time_value
from simulator.mapping.forms.transform import transform
from simulator.mapping.forms.union import union
from simulator.mapping.forms.up import up

__all__ = ["FORMS"]

FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "measure": measured,
        "union": union,
        "flag": flag,
        "events": events,
        "ratio": ratio,
        "rate": rate,
        "mean": mean,
        "complement": complement,
        "count": count,
        "transform": transform,
        "attribute": attribute,
        "always": always,
        "last": last_value,
        "offsets": offsets,
        "time": time_value,
        "up": up,
        "signal": signal,
    }
)
