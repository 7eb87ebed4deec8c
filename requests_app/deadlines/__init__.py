"""Legal dates: pure arithmetic on what a law says and what happened, with every step explained.

`clock.py` is the door: `deadline(measure=…, regime=…, right=…, received_at=…, place=…, events=…)`.
`measures.py` has one function for each date a law may set; `reckoning.py` counts an answer with its questions
and its extension; `terms.py` finds what a law lays down for one right; `calendar.py` and `holiday_lists.py`
count days; `events.py` reads the log; `explain.py` holds the sentences; `urgency.py` says how near a date is.
Nothing here reads a clock or a database. What the laws say is data: see `jurisdictions`.
"""
