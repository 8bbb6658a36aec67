"""Aftermath follows a story after the article has ended."""

__version__ = "0.1.0"
