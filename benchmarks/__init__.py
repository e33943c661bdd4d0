"""Measurements side by side; `python -m benchmarks [name…]` runs them and writes benchmarks/results/."""
