"""What time it is, for whoever may ask: the command line, which hands it on."""

from time import monotonic
from time import time as unix_seconds

__all__ = ["monotonic", "unix_seconds"]
