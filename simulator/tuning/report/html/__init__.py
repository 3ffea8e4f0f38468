"""The tuning as HTML files that need nothing else: an index, and a page per part."""
