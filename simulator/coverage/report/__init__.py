"""Coverage written out: as JSON, as JUnit XML, and as a page to look at."""
