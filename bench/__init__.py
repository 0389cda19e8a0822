"""Benchmarks: figures as ratios against a floor or a rival, measured in the same run."""
