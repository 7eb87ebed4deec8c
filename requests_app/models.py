"""Django's index of this app's models; each is written in the folder that owns it."""

from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry, AuditHead
from requests_app.correspondence.models import Message
from requests_app.decisions.models import AskedQuestion, GuardianObjection, MovedDate, PassedOn, PersonNote
from requests_app.identity.models import Evidence, MailedCode, Verification, WrongTries
from requests_app.intake.models import Draft
from requests_app.lifecycle.models import ClockEventRecord, SubjectRequest, Submission
from requests_app.lifecycle.rights.access import AccessRequest
from requests_app.lifecycle.second_person import ProposedDecision
from requests_app.lifecycle.weighed import Weighed
from requests_app.reminders.models import Digest, ReminderPlan, ReminderSent, ReminderTold, StaffMail

__all__ = [
    "AccessRequest",
    "AskedQuestion",
    "AuditEntry",
    "AuditHead",
    "ClockEventRecord",
    "Digest",
    "Draft",
    "Evidence",
    "GuardianObjection",
    "MailedCode",
    "Message",
    "MovedDate",
    "PassedOn",
    "PersonNote",
    "ProposedDecision",
    "ReminderPlan",
    "ReminderSent",
    "ReminderTold",
    "StaffMail",
    "StaffMember",
    "SubjectRequest",
    "Submission",
    "Verification",
    "Weighed",
    "WrongTries",
]
