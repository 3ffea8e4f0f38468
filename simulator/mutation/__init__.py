"""Small seeded mistakes in dashboards and rules, and which of them are noticed."""
