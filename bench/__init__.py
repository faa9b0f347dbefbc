"""Benchmarks: quality, speed and endurance, each one command whose figures stand beside a peer or a limit."""
