"""The words that staff wrote for letters, the letters themselves, and who took one out."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.leases.models import LeasedWork
from requests_app.lifecycle.models import SubjectRequest


class Wording(models.Model):
    """One version of the words of one kind of letter in one language. It never changes: letters name it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    why = models.CharField(max_length=300, blank=True)
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["kind", "language", "number"], name="wordings_are_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}, version {self.number}"


class WordingInUse(models.Model):
    """Which version is sent; none means the words that come with the product. `edition` counts every change."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    wording = models.ForeignKey(
        Wording, null=True, blank=True, on_delete=models.PROTECT, related_name="in_use"
    )
    edition = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "language"], name="one_wording_in_use_at_a_time"),
        )

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}"


class Letter(models.Model):
    """One letter to the person: what it says is sealed, its hash is not. It says the same for ever.

    The PDF is set when it is first wanted and kept as a sealed file; from then on the manifest lists both forms. Of a
    letter that was forgotten the row says only that there was one, of what kind.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    # Whose words: a version of the staff's, or the ones shipped, known by their hash.
    wording = models.ForeignKey(
        Wording, null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    words_version = models.CharField(max_length=40)
    is_certificate = models.BooleanField(default=False)
    title = EncryptedTextField()
    content = EncryptedJSONField(default=dict)
    text = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    written_at = models.DateTimeField()

    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(default=bytes)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_size = models.PositiveIntegerField(default=0)
    pdf_set_at = models.DateTimeField(null=True, blank=True)
    # Canonical JSON and the signature file over it, as they were signed: a later key changes neither.
    manifest = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["subject_request", "number"], name="letters_are_numbered"),
            models.CheckConstraint(
                condition=Q(pdf_set_at=None) | (~Q(pdf_sha256="") & ~Q(manifest="") & ~Q(signature="")),
                name="a_letter_that_is_set_is_signed",
            ),
        )

    def __str__(self) -> str:
        return f"letter {self.number} of {self.subject_request_id}"

    @property
    def is_there(self) -> bool:
        """Whether its words are still kept."""
        return self.forgotten_at is None

    @property
    def pdf_stands(self) -> "PdfStands":
        """How far its PDF is."""
        setting: LetterPdf | None = getattr(self, "setting", None)
        if self.pdf_set_at is not None:
            return PdfStands.SET
        if setting is None:
            return PdfStands.NOT_WANTED
        if not setting.is_waiting:
            return PdfStands.GIVEN_UP
        return PdfStands.TRIED_AGAIN if setting.last_error else PdfStands.BEING_SET


class PdfStands(models.TextChoices):
    """How far the PDF of a letter is; the label is said to the person and to staff."""

    SET = "set", _("The PDF is set.")
    NOT_WANTED = "not_wanted", _("The PDF is set when somebody asks for it.")
    BEING_SET = "being_set", _("The PDF is being set. That takes a few seconds.")
    TRIED_AGAIN = "tried_again", _("The PDF could not be set yet. We try again by ourselves.")
    GIVEN_UP = "given_up", _("The PDF could not be set, though we tried several times.")


class LetterPdf(LeasedWork):
    """The work of setting one letter as a PDF, from the moment when somebody first wanted it."""

    letter = models.OneToOneField(Letter, primary_key=True, on_delete=models.CASCADE, related_name="setting")
    wanted_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="letters_to_set", condition=Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"PDF of letter {self.letter_id}"


class LetterForm(models.TextChoices):
    """In which form a letter is taken out."""

    PDF = "pdf", "PDF"
    TEXT = "text", "Text"
    SIGNED = "signed", "PDF and text with our signature"


class LetterFetch(models.Model):
    """Somebody took a letter out: who, when, in which form."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="fetches")
    form = models.CharField(max_length=10, choices=LetterForm)
    by = models.CharField(max_length=60)
    fetched_at = models.DateTimeField()

    class Meta:
        ordering = ("fetched_at", "id")

    def __str__(self) -> str:
        return f"{self.form} of {self.letter_id}"
