"""Files to values: story files, lexicon, OPML and recorded items, each with clear errors."""
