"""What paces by the clock and starts processes: the live run, history, local stack, demo."""
