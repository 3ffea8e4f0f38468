"""The only folder that reads the clock or starts processes: live loop, local stack, demo."""
