"""Bytes into text: charset names as mail writes them, and the best guess where the name is missing or wrong."""

import codecs
import re
from functools import cache

# Names that mail uses and Python does not know, or knows as something narrower than what is sent under them.
ALIASES = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252", "l1": "cp1252",
    "iso-8859-1-windows-3.1-latin-1": "cp1252", "8859-1": "cp1252", "ansi": "cp1252", "x-ansi": "cp1252",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8",
    "logical": "iso8859-8", "iso-8859-6-i": "iso8859-6", "iso-8859-11": "cp874", "tis-620": "cp874",
    "windows-874": "cp874", "x-cp1250": "cp1250", "x-cp1251": "cp1251", "win-1251": "cp1251", "win1251": "cp1251",
    "win-1250": "cp1250", "cp-1251": "cp1251", "cp-1252": "cp1252", "cp-850": "cp850", "cp-437": "cp437",
    "koi8": "koi8-r", "koi-8": "koi8-r", "koi": "koi8-r", "koi8-ru": "koi8-u",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb-2312": "gb18030", "gb_2312-80": "gb18030",
    "chinese": "gb18030", "cn-gb": "gb18030", "x-euc-cn": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "big-5": "big5hkscs", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ks-c-5601-1987": "cp949", "ksc5601": "cp949",
    "euc-kr": "cp949", "x-windows-949": "cp949", "windows-949": "cp949", "korean": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "windows-31j": "cp932", "x-ms-cp932": "cp932", "iso-2022-jp": "iso2022_jp_ext",
    "_iso-2022-jp$esc": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext", "x-euc-jp": "euc_jp", "x-euc": "euc_jp",
    "unicode-1-1-utf-7": "utf-7", "x-unicode-2-0-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8", "utf8mb3": "utf-8", "utf": "utf-8", "unicode": "utf-16", "ucs-2": "utf-16",
    "iso-10646-ucs-2": "utf-16", "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "mac": "mac-roman",
    "x-mac-ce": "mac-latin2", "x-mac-cyrillic": "mac-cyrillic", "x-mac-turkish": "mac-turkish",
    "x-mac-greek": "mac-greek", "x-mac-icelandic": "mac-iceland", "x-mac-croatian": "mac-croatian",
    "x-mac-romanian": "mac-romanian", "x-mac-ukrainian": "mac-cyrillic", "x-mac-centraleurroman": "mac-latin2",
    "x-mac-japanese": "cp932", "x-mac-korean": "cp949", "x-mac-chinesesimp": "gb18030",
    "x-mac-chinesetrad": "big5hkscs",
    "dos-862": "cp862", "dos-720": "cp720", "cp-866": "cp866", "cp-855": "cp855", "cp-852": "cp852",
    "x-windows-874": "cp874", "euc-jp-ms": "euc_jp", "ucs-2le": "utf-16-le", "ucs-2be": "utf-16-be",
    "latin-9": "iso8859-15",
    "ansi-x3.110-1983": "cp1252", "cp65001": "utf-8",
    "x-user-defined": "cp1252", "646": "ascii", "ansi_x3.4-1968": "ascii", "ansi_x3.4-1986": "ascii",
}  # fmt: skip
# Codecs of Python that are no charsets, or that run far longer than they should on what a stranger sends.
NEVER = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
# Mail marked with these holds UTF-8 so often that UTF-8 is tried first; real text in them is never valid UTF-8.
MISLABELLED = {"ascii", "cp1252", "iso8859-1", "iso8859-15"}
# Charsets weighed when nothing else is known: the letters that text in each is made of, and what share of all
# letters beyond ASCII they are in ordinary text.
OTHER_SCRIPTS = {
    "cp932": ("ぁ-んァ-ヶー、。", 0.5),
    "euc_jp": ("ぁ-んァ-ヶー、。", 0.5),
    "cp949": ("가-힣", 1.0),
    "gb18030": ("的一是不了我你您人在有个这们请和为要将据信息删除公司，。", 0.25),
    "big5hkscs": ("的一是不了我你您人在有個這們請和為要將據信息刪除公司，。", 0.25),
    "cp1251": ("а-яё", 1.0),
    "koi8-r": ("а-яё", 1.0),
    "cp1256": ("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآؤئء،", 1.0),
}
LATIN = {
    "cp1252": ("äöüßÄÖÜéèêëàâçùûîïôœñáíóúãõåøæ€’“”–¿¡", 1.0),
    "cp1254": ("ışğİŞĞçöüÇÖÜ’“”–", 1.0),
    "iso8859-2": ("ąęłśżźćńóĄŁŚŻěščřžýáíéúůőű", 1.0),
    "cp1250": ("ąęłśżźćńóĄŁŚŻěščřžýáíéúůőű’”–", 1.0),
}
SAMPLE = 64_000
_IN_LATIN_WORD = re.compile(
    rb"(?<![\x80-\xff])(?:(?<=[A-Za-z])[\x80-\xff]{1,2}|[\x80-\xff]{1,2}(?=[A-Za-z]))(?![\x80-\xff])"
)
_BEYOND = re.compile(rb"[\x80-\xff]+")
_ESCAPE_OF_JAPANESE = re.compile(rb"\x1b[$(][@BJ]")


@cache
def codec_of(charset: str) -> str | None:
    """Return the codec for a charset as mail names it, or None where there is none."""
    name = charset.strip(" \t\r\n\"'").lower().split(";")[0].strip(" \"'=")
    name = ALIASES.get(name, ALIASES.get(name.replace("_", "-"), name))
    if not name.isascii() or not name.isprintable():
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs such as hex and zip turn bytes into bytes; the mark for that is one that typeshed does not know.
    if found.name.replace("-", "_") in NEVER or not getattr(found, "_is_text_encoding", False):
        return None
    return "cp1252" if found.name == "iso8859-1" else found.name


def decode(content: bytes, charset: str | None, *, hint: str | None = None) -> str:
    """Return text for bytes in a charset; a charset that is missing or wrong is replaced by the best guess."""
    if content.startswith(codecs.BOM_UTF8):
        return content[3:].decode("utf-8", "replace")
    codec = codec_of(charset) if charset else None
    if codec is None or codec in MISLABELLED:
        text = _strictly(content, "utf-8")
        if text is not None and not _ESCAPE_OF_JAPANESE.search(content):
            return text
    for name in (codec if codec != "ascii" else None, codec_of(hint) if hint else None):
        text = _strictly(content, name) if name else None
        if text is not None:
            return text
    return _nearly(content, codec) or _guessed(content)


def _nearly(content: bytes, codec: str | None) -> str | None:
    """Text in the charset that was named, if few of its bytes are wrong."""
    if codec is None or codec == "ascii":
        return None
    text = content.decode(codec, "replace")
    return text if text.count("\ufffd") * 20 <= len(text) else None


def _guessed(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if _ESCAPE_OF_JAPANESE.search(content):
        return content.decode("iso2022_jp_ext", "replace")
    text = content.decode("utf-8", "replace")
    if text.count("\ufffd") * 4 <= sum(1 for letter in text if letter > "\x7f"):
        return text
    sample = content[:SAMPLE]
    candidates = LATIN if _stands_in_latin_words(sample) else OTHER_SCRIPTS
    best = max(candidates, key=lambda name: _likelihood(sample, name, *candidates[name]))
    return content.decode(best, "replace")


def _stands_in_latin_words(sample: bytes) -> bool:
    """Whether most runs of bytes beyond ASCII are short and stand beside a letter, as ö does in "schön"."""
    return len(_IN_LATIN_WORD.findall(sample)) * 2 >= len(_BEYOND.findall(sample))


def _likelihood(sample: bytes, codec: str, letters: str, usual: float) -> float:
    """How near text in this charset comes to ordinary text."""
    text = sample.decode(codec, "replace")
    beyond = [letter for letter in text if letter > "\x7f"]
    wrong = beyond.count("\ufffd")
    expected = len(re.findall(f"[{letters}]", "".join(beyond)))
    return min(1.0, expected / (usual * max(len(beyond), 1))) - wrong / max(len(beyond), 1)


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError):
        return None
