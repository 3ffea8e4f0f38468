"""The incidents that are known, whichever file they come from."""
