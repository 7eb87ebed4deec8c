"""What staff and the person decide about a request beyond its plain moves, one verb to a file.

`extend.py` takes the longer term a law gives, `ask.py` puts a question or a fee to the person, `regime.py` records
which law answers, `moved_date.py` tells the person that the date has moved. Each is one transaction that notes what
the clock counts, makes the move and writes to the person; nothing here queues or reads a clock. `announce.py` writes
the notice of every other outward step; `ending.py` and `ways.py` say how a request ended and where one can go from
there, `appeal.py` takes the first of these ways.
"""
