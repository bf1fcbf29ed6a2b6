"""The demo data: the same for a seed, believable, and sent through the public door."""
