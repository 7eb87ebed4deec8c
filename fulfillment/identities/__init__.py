"""What a person is known by: each identity of a request with how it was found, and whether it may be searched by.

`own.py` writes down what comes with the request, `add.py` takes what staff enter and what a search comes upon,
`decide.py` is a person's word on it. `rules.py` says what may be accepted without one. Every search, sweep, change and
plan asks `selectors.py`, which knows accepted identities only.
"""
