"""The forms that a metric can have of measures, one file each, by the key that a file writes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from simulator.mapping.forms.context import Form
from simulator.mapping.forms.measured import measured

__all__ = ["FORMS"]

FORMS: Final[Mapping[str, Form]] = MappingProxyType({"measure": measured})
