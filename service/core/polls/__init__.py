"""When a feed is polled, and which of its items are new."""
