"""When: the tick grid, durations, request rates and episode onsets, as functions of time."""
