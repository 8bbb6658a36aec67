"""Reports of follow-ups, which of them copy each other, and which tell of one happening."""
