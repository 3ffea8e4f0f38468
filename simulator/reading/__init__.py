"""Files of bounded size, and the JSON and YAML in them, with errors that a person can mend."""
