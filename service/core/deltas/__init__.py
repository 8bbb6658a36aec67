"""The step compare: whether a follow-up changes what is known, and the delta with its line that says so."""
