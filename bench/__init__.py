"""How fast it is: `python -m bench` measures the product on a shop of eleven tables and writes docs/benchmarks.md."""
