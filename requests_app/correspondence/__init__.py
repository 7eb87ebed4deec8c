"""Everything said to the person: composed from templates, stored as the outbox, handed to the mail server."""
