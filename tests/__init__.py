"""The tests: sentences about the simulator, a folder each subject."""
