"""What the program costs, each figure as a ratio against a baseline in the same run: `python -m scripts.benchmark`."""
