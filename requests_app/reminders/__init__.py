"""Nobody misses a date: what falls due for a request, who is told, each once, and the digest of the morning.

kinds.py       every kind of reminder, and the thread it belongs to
schedule.py    which reminders a request has, and which of them have fallen due: pure
standing.py    what the schedule is drawn from, read from the rows and the law
plans.py       which requests are to be looked at now, found by an index
recipients.py  who of the staff is told: assignee, team, lead
send.py        the tick: look, record, tell; each reminder once
mails.py       one mail for a member of staff, of everything new; the digest of the day

Who gets a mail when. Only two things are worth a mail of their own: what escalates (the last days before a due date,
the day itself, a date that passed, a receipt never acknowledged) and what the person has to do. Everything else waits
for the digest of the next morning, which lists each case of which something has to be known until it is no longer
true. A member of staff gets one mail for everything that escalated in a tick, however many cases; where the digest of
the day is due in that tick, the digest carries it and no second mail is written. So nothing is said twice in a minute.

After a pause of beat each thread of a request tells its latest reminder only; those before it are kept as overtaken.
Beat may tick as often as it likes and twice at once: a row per reminder is unique in the database.
"""
