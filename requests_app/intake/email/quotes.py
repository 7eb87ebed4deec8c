"""The new text of a mail told from what it quotes, forwards and signs with."""

import re
from dataclasses import dataclass

# "On Tuesday Ann wrote:", "Am 3. März schrieb Ann:" and kin: a line, or two, that ends in the verb and a colon.
WROTE = re.compile(
    r"^(?=.{5,300}$).*(?:\bwrote|\bschrieb|\ba écrit|\bescribió|\bha scritto|\bschreef|\bgeschreven|\bescreveu|"
    r"\bnapisał\(?a?\)?|\bskrev|\bşunları yazdı|\byazdı|さんのメール|が書きました|のメール|كتب)[^:：]{0,80}[:：]$",
    re.IGNORECASE,
)
ORIGINAL = re.compile(
    r"^[-_* ]{2,}\s*(?:original message|ursprüngliche nachricht|originalnachricht|message d'origine|message original|"
    r"mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna|"
    r"ursprungligt meddelande|özgün ileti|orijinal mesaj|元のメッセージ|الرسالة الأصلية)\s*[-_* ]{2,}$",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^[-_*> ]{2,}\s*(?:forwarded message|begin forwarded message|weitergeleitete nachricht|message transféré|"
    r"mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada|"
    r"przekazana wiadomość|vidarebefordrat meddelande|iletilen ileti|転送メッセージ|رسالة معاد توجيهها).{0,20}$",
    re.IGNORECASE,
)
HEADER_LINE = re.compile(
    r"^[*> ]*(?:from|von|de|da|van|od|från|kimden|gönderen|差出人|من)\s*[:：][* ]*\S.*$", re.IGNORECASE
)
NEXT_HEADER = re.compile(
    r"^[*> ]*(?:sent|date|to|subject|gesendet|datum|an|betreff|envoyé|date|à|objet|enviado|fecha|para|asunto|inviato|"
    r"data|a|oggetto|verzonden|aan|onderwerp|enviada|assunto|wysłano|do|temat|skickat|till|ämne|gönderildi|tarih|kime|"
    r"konu|送信日時|日時|宛先|件名|التاريخ|إلى|الموضوع)\s*[:：]",
    re.IGNORECASE,
)
SIGNATURE = re.compile(r"^-- ?$")


@dataclass(frozen=True, slots=True)
class SplitText:
    """`new` is the writer's own text, `quoted` the mail that it answers or forwards."""

    new: str
    quoted: str
    is_forward: bool = False


def split_quotes(text: str) -> SplitText:
    """Return the new text apart from the quoted text; nothing is lost, and each line is looked at once."""
    lines = text.split("\n")
    cut, is_forward = _cut(lines)
    own = [line for line in lines[:cut] if not line.startswith(">")]
    quoted = [line.lstrip("> ") for line in lines[:cut] if line.startswith(">")]
    quoted += [line.lstrip("> ") for line in lines[cut:]]
    return SplitText("\n".join(own).strip(), "\n".join(quoted).strip(), is_forward)


def without_signature(text: str) -> str:
    """Return text up to the line that opens a signature, where something stands before it."""
    lines = text.split("\n")
    at = next((number for number, line in enumerate(lines) if SIGNATURE.match(line)), len(lines))
    return "\n".join(lines[:at]).strip() or text


def _cut(lines: list[str]) -> tuple[int, bool]:
    """The line at which another mail begins, and whether it was forwarded."""
    for number, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            continue
        if FORWARDED.match(stripped):
            return number, True
        if ORIGINAL.match(stripped) or _is_header_block(lines, number):
            return number, False
        if WROTE.match(stripped) or (number + 1 < len(lines) and _wrote_on_two_lines(lines, number)):
            return number, False
    return len(lines), False


def _wrote_on_two_lines(lines: list[str], number: int) -> bool:
    first, second = lines[number].strip(), lines[number + 1].strip()
    return bool("@" in first + second and second and len(second) < 100 and WROTE.match(f"{first} {second}"))


def _is_header_block(lines: list[str], number: int) -> bool:
    if not HEADER_LINE.match(lines[number]):
        return False
    return sum(1 for line in lines[number + 1 : number + 5] if NEXT_HEADER.match(line)) >= 2
