"""A browser at the staff's desk: signed in, second factor shown."""

from django.test import Client

from requests_app.accounts.models import StaffMember
from requests_app.accounts.sessions import FACTOR_SET_UP_KEY


def signed_in(member: StaffMember) -> Client:
    """A client whose session has shown password and second factor."""
    client = Client()
    client.force_login(member)
    session = client.session
    session[FACTOR_SET_UP_KEY] = str(member.pk)
    session.save()
    return client
