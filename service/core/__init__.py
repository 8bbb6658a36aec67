"""The rules: values in, values out. No I/O, clock, randomness or logging in here."""
