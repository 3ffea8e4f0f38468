"""Who is told of alerts: routes, the notifications that came, and what they should have been."""
