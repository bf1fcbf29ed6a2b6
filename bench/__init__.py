"""Benchmarks: one question a file, ratios within one run, since machines are noisy. See README.md."""
