"""What staff and the person decide about a request beyond its plain moves, one verb to a file.

`extend.py` takes the longer term a law gives, `ask.py` puts a question or a fee to the person, `regime.py` records
which law answers, `moved_date.py` tells the person that the date has moved. Each is one transaction that notes what
the clock counts, makes the move and writes to the person; nothing here queues or reads a clock. `announce.py` writes
the notice of every other outward step; `ending.py` and `ways.py` say how a request ended and where one can go from
there, `appeal.py` takes the first of these ways.

`correction.py` decides field by field, `balancing.py` weighs purpose by purpose and reviews a machine's decision,
`lifting.py` restricts and announces the end of it, `at_once.py` carries out what leaves nothing to decide.
`waiting.py` says how long a deletion waits, `deletion.py` approves it, `cancel.py` stops it.
"""
