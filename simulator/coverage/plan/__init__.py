"""From dashboards to a scenario that takes every panel through each of its threshold steps."""
