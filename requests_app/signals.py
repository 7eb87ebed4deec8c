"""The announcements: one sender each, heard in each app's receivers.py, inside the sender's transaction."""

from django.dispatch import Signal

# sender: SubjectRequest; subject_request, move (None when the request is opened), source, target, by, at
state_changed = Signal()

# sender: SubjectRequest; subject_request, before, after, cause, reason, at: the day of the answer has moved
due_date_moved = Signal()

# sender: Message; message, at
message_written = Signal()

# sender: SubjectRequest; subject_request_id, at
request_purged = Signal()

# sender: LetterPdf; setting, at: somebody wants a letter as a PDF that is not set yet
pdf_wanted = Signal()

# sender: StaffMail; mail: one to a member of staff is to be sent, for the first time or once more
staff_mail_waits = Signal()

# sender: InboundEmail; email_id: a mail was stored and is to be worked on
mail_received = Signal()
