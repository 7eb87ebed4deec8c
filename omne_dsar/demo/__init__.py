"""The demo company: one place for its records, its systems, its data maps and the plain scan that checks the product against them.

Nothing of the product depends on it; `make demo` and the tests start it.
"""
