"""The demo company: its records, systems and data maps, and the plain scan that checks the product.

Nothing of the product depends on it; `make demo` and the tests start it.
"""
