"""The demonstration: the whole service offline, on sample feeds of our own writing."""
