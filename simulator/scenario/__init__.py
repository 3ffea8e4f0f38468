"""What happens: the scenario model, its loading and its rules, and the library of scenarios."""
