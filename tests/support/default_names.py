"""What the project's own names tell of."""

from simulator.mapping.loading import default_mapping
from simulator.mapping.signals import signals_of

#: The signal of each metric of the default mapping that tells of one.
SIGNALS = signals_of(default_mapping())
