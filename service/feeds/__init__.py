"""Outbound HTTP: fetch one feed safely and parse what came back."""
