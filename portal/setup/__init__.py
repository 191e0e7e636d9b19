"""Everything between a fresh clone and a running portal: tools, database, starter."""
