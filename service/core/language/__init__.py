"""Words and characters as such: folding, phrases, numbers, the lexicon. Nothing here knows stories or entries."""
