"""What chidao costs in time and memory: `python -m benchmarks`."""
