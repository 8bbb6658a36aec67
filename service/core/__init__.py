"""The rules: values in, values out. No I/O, clock, randomness or logging in here.

A package for each step of the pipeline (`polls`, `matching`, `deltas`) and for what they build on; which may import
which is checked (pyproject.toml). `rules.Rules` is all of it as one value, made anew when a file changes.
"""
