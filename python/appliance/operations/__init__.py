"""What an operator sees: counters of every process, health, Prometheus metrics, and what doctor checks."""
