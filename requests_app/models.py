"""Django's index of this app's models; each is written in the folder that owns it."""

from requests_app.accounts.models import StaffMember
from requests_app.audit.anchors.models import AnchorDeposit, AuditAnchor
from requests_app.audit.models import AuditEntry, AuditHead
from requests_app.correspondence.models import Message, ReplyAddress
from requests_app.decisions.models import AskedQuestion, GuardianObjection, MovedDate, PassedOn, PersonNote
from requests_app.encryption.models import DoomedFile
from requests_app.identity.models import Evidence, MailedCode, Verification, WrongTries
from requests_app.intake.inbox.models import AnswerCount, InboundEmail
from requests_app.intake.models import Draft
from requests_app.letters.models import Letter, LetterFetch, LetterPdf, Wording, WordingInUse
from requests_app.lifecycle.models import ClockEventRecord, SubjectRequest, Submission
from requests_app.lifecycle.rights.access import AccessRequest
from requests_app.lifecycle.second_person import ProposedDecision
from requests_app.lifecycle.weighed import Weighed
from requests_app.reminders.models import Digest, ReminderPlan, ReminderSent, ReminderTold, StaffMail
from requests_app.retention.models import PurgeHold, PurgeRun

__all__ = [
    "AccessRequest",
    "AnchorDeposit",
    "AnswerCount",
    "AskedQuestion",
    "AuditAnchor",
    "AuditEntry",
    "AuditHead",
    "ClockEventRecord",
    "Digest",
    "DoomedFile",
    "Draft",
    "Evidence",
    "GuardianObjection",
    "InboundEmail",
    "Letter",
    "LetterFetch",
    "LetterPdf",
    "MailedCode",
    "Message",
    "MovedDate",
    "PassedOn",
    "PersonNote",
    "ProposedDecision",
    "PurgeHold",
    "PurgeRun",
    "ReminderPlan",
    "ReminderSent",
    "ReminderTold",
    "ReplyAddress",
    "StaffMail",
    "StaffMember",
    "SubjectRequest",
    "Submission",
    "Verification",
    "Weighed",
    "Wording",
    "WordingInUse",
    "WrongTries",
]
