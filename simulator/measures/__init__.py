"""What is simulated, as measures: they have dimensions, and no name that a platform gives them."""
