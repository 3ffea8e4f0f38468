"""Which episodes can be why a query shows what it does: measured on the simulation itself."""
