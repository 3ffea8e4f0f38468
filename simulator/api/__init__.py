"""The scoring API: answers real requests as the simulated platform would, and tallies them."""
