"""What a scenario says of incidents that are drawn: how often, how strong, how long, and when."""
