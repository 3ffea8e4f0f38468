"""What became of the mutants, as JSON for programs and as sentences."""
