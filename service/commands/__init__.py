"""The commands of `python -m service`, one module for each group."""
