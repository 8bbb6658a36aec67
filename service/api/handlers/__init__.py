"""What answers requests, one module for each subject. The table in `operations.py` says which handler serves what."""
