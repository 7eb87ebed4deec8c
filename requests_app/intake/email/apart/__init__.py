"""A mail read and understood where it can hurt nothing: in a process of its own, with little time and memory.

`read_apart` is the one call. Behind it `reader` keeps a warm process (`reader_child`) that forks for each mail; what
comes back is plain JSON and bytes, and `wire` believes none of it before it was looked at.
"""
