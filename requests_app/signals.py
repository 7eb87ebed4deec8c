"""The three announcements. Each has one sender; each app hears them in its receivers.py, inside the sender's transaction."""

from django.dispatch import Signal

# sender: SubjectRequest; subject_request, move (None when the request is opened), source, target, by, at
state_changed = Signal()

# sender: Message; message, at
message_written = Signal()

# sender: SubjectRequest; subject_request_id, at
request_purged = Signal()
