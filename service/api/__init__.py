"""Inbound HTTP: feeds, the JSON API and the story page."""
