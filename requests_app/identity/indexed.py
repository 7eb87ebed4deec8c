"""The columns by which people are found by their address, named to the rotation of keys."""

from requests_app.encryption.blind_index import blind_indexes
from requests_app.encryption.rotation.indexes import IndexedColumn, add_indexed
from requests_app.identity.models import MailedCode
from requests_app.lifecycle.models import SubjectRequest


def connect() -> None:
    """Called once, at start-up."""
    add_indexed(
        IndexedColumn(
            SubjectRequest, "subject_email_index", lambda row: row.address_indexes, may_differ=False
        )
    )
    # A code that went to an address of before stays counted for that one.
    add_indexed(
        IndexedColumn(
            MailedCode,
            "address_index",
            lambda row: blind_indexes("email", row.subject_request.contact_address),
            beside=("subject_request",),
        )
    )
