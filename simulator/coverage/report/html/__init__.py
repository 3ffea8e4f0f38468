"""The coverage as one HTML file that needs nothing else: no script, no address, no font."""
