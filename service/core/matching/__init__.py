"""The step match: names and words found in an entry, its reading, the patterns it fills, the decision."""
