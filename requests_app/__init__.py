"""The case: what a request is and who may move it. Read the folders in this order.

lifecycle      the state machine, a machine per right, and the one door for every move
audit          who did what, and proof nobody changed it
encryption     personal data at rest
leases         rows of work, taken by one worker at a time
jurisdictions  what each law says, as data
deadlines      dates from the law, no database, no clock reads
policy         who the company is and what it promised
letters        what is written to the person and kept, and the words that staff may change
typesetting    a letter's HTML becomes a PDF
correspondence what is said to the person
identity       whether it is really them
decisions      what staff and the person decide beyond plain moves: more time, questions, which law, appeals, answers
intake         the doors by which requests arrive
reminders      nobody misses a date: who is told what, each once, and the daily digest
portal         the person's own pages
review         the staff's queue and case page
accounts       staff sign-in, roles, what every view declares
"""
