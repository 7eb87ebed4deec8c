"""Forget on time: what is kept, until when, and its end.

`base.py` is the contract of a kind of kept thing and `kinds/` holds ours, one file each; `hold.py` keeps a record
beyond its day, `holds.py` says all that stands against it, `due.py` which requests that makes, `purge.py` forgets one,
`run.py` all of them under a lease, `rehearse.py` none, but says what would go; `scan.py` holds files against rows.
"""
