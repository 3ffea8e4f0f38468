"""Pushing to a Pushgateway: its client, the thread that pushes, and whose the groups are."""
