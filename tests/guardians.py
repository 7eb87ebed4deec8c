"""Pat asks for what is held about Kim, whom they look after."""

from requests_app.audit.actors import Actor
from requests_app.intake.checked import AskedBy, SubjectDetails
from requests_app.intake.submit import Wanted, submit_requests
from requests_app.lifecycle.models import Asker, Channel, SubjectRequest
from tests.factories import NOON

KIM, PAT = "kim@example.org", "pat@example.org"


def pat_asks(age: str, *, place: str = "PT", email: str = KIM) -> SubjectRequest:
    """Pat asks for the copy of a child whose age they give as the form has it; empty is none."""
    return submit_requests(
        channel=Channel.WEB,
        wanted=[Wanted("access")],
        subject=SubjectDetails("Kim", email, asker=AskedBy(Asker.GUARDIAN, "Pat", PAT)),
        place=place,
        language="en",
        received_at=NOON,
        by=Actor.subject("web"),
        answers={"child_age": age} if age else {},
    )[0]
