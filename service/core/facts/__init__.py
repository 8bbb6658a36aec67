"""A story's baseline and later facts, and what an event does to them."""
