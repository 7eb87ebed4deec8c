"""A copy sent straight to another controller (Article 20(2) GDPR): named by the person, approved, sent, receipted.

`ask.py` is what the person does, `decide.py` what staff do, `send.py` the work; `conversation.py` speaks the protocol
of docs/portability-push.md, and `settle.py` writes down how it ended and tells the person.
"""
