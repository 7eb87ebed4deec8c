"""Names in scripts without capital letters: beside an address, with a title, or alone among words of another script.

Nothing in such a script tells a name from any other word, so that only these three speak for one; a person decides.
"""

import re
from collections.abc import Iterator

from fulfillment.findings.decisions.models import Kind
from fulfillment.findings.suggestions.found import Found, Why

# Letters and the marks that belong to them. Of Chinese and Japanese words stand without blanks, names too.
_UNSPACED = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_SPACED = (
    "\u05d0-\u05f2\u0591-\u05c7\u0620-\u065f\u066e-\u06d3\u06d5-\u06ed\u06fa-\u06ff\u0750-\u077f"
    "\u0900-\u0963\u0970-\u0983\u0985-\u09e5\u0a01-\u0a65\u0a81-\u0ae5\u0b01-\u0b65\u0b82-\u0be5\u0c00-\u0c65"
    "\u0c80-\u0ce5\u0d00-\u0d65\u0d81-\u0ddf\u0e01-\u0e3a\u0e40-\u0e4e\u10d0-\u10fa\u1200-\u135f\u1100-\u11ff\uac00-\ud7a3\u200c\u200d"
)
_ANY = re.compile(f"[{_UNSPACED}{_SPACED}]")
_WORD = f"(?:[{_UNSPACED}]+|[{_SPACED}]+)(?:['’׳״・·-][{_UNSPACED}{_SPACED}]+)*"
_UNSPACED_SIGN = re.compile(f"[{_UNSPACED}]")
_RUN = re.compile(f"{_WORD}(?: {_WORD})*")
_ENDS_BEFORE = re.compile(rf"({_WORD}(?: {_WORD})*)[ ,:،、：]{{0,2}}[(<\[（「]?[ ]?\Z")
_BEGINS_AFTER = re.compile(rf"[ ]?[)>\]）」]?[ ,،、]{{0,2}}[(（]?({_WORD}(?: {_WORD})*)")
# A sentence, as far as somebody else's script goes on in it.
_SENTENCE = re.compile(r"[^.!?…\n。！？।؟]+")
_OTHER_LETTER = re.compile(r"[A-Za-zÀ-ɏͰ-ϿЀ-ӿ]")
NAME_WORDS, NAME_SIGNS = 2, 6
MOST_WORDS_ALONE, MOST_SIGNS_ALONE, MOST_UNSPACED_ALONE, LETTERS_AROUND = 3, 24, 8, 8

_ARABIC = "السيد|السيدة|الأستاذ|الأستاذة|الدكتور|الدكتورة|المهندس|المهندسة|الآنسة|الشيخ"
_HEBREW = "מר|גברת|גב['׳]|ד[\"״]ר|פרופ['׳]|עו[\"״]ד"
_HINDI = "श्री|श्रीमती|सुश्री|डॉ|कुमारी"
_TWO_WORDS = f"([{_SPACED}]{{2,}}(?: [{_SPACED}]{{2,}})?)"
_FAMILIES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常張劉陳楊黃趙吳孫馬"
)
_HAN, _KATAKANA = r"[\u4e00-\u9fff\u3005]", r"[\u30a1-\u30fc]"
TITLED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![{_SPACED}])(?:و|ل|ب)?(?:{_ARABIC})\.? {_TWO_WORDS}",
        rf"(?<![{_SPACED}])(?:{_HEBREW}) {_TWO_WORDS}",
        rf"(?<![{_SPACED}])(?:{_HINDI})\.? {_TWO_WORDS}",
        rf"([{_SPACED}]{{2,}}(?: [\u0900-\u0963]{{2,}})?) जी(?![{_SPACED}])",
        rf"({_HAN}{{1,5}}(?: {_HAN}{{1,4}})?|[\u30a1-\u30fc]{{2,10}})(?:さん|様|氏|くん|ちゃん)",
        rf"((?:欧阳|司马|上官|诸葛|[{_FAMILIES}])[\u4e00-\u9fff]{{0,2}}?)(?:先生|女士|小姐|老师|经理|主任|医生)",
        r"([\uac00-\ud7a3]{2,4}) ?(?:씨|님)(?![\uac00-\ud7a3]{2})",
        r"(?:คุณ|นางสาว|นาย|นาง)([\u0e01-\u0e4e]{2,14}(?: [\u0e01-\u0e4e]{2,16})?)",
    )
)
# What stands in such a place and is nobody: everybody, customers, roles, and Thai words that begin as a title does.
NOBODY = frozenset(
    [
        "皆",
        "お客",
        "客",
        "奥",
        "神",
        "王",
        "各",
        "同",
        "貴",
        "お子",
        "お嬢",
        "고객",
        "선생",
        "부모",
        "사장",
        "손",
        "회원",
        "담당자",
        "하나",
        "교수",
        "의사",
        "हाँ",
        "हां",
        "नहीं",
        "गुरु",
        "माता",
        "पिता",
    ]
)
_NOBODY_BEGINS = ("ภาพ", "สมบัติ", "ค่า", "ลักษณะ", "จ้าง", "ก", "แบบ")


def caseless_beside(text: str, start: int, end: int) -> Iterator[Found]:
    """The name right before or after an identifier: `張 強 <qiang@example.net>`."""
    if _ANY.search(text) is None:
        return
    from_here = max(0, start - 60)
    before = _ENDS_BEFORE.search(text[from_here:start])
    if before is not None:
        words = _last_words(before[1])
        yield Found(Kind.NAME, Why.BESIDE, from_here + before.end(1) - len(words), from_here + before.end(1))
        return
    after = _BEGINS_AFTER.match(text[end : end + 60])
    if after is not None:
        words = _first_words(after[1])
        yield Found(Kind.NAME, Why.BESIDE, end + after.start(1), end + after.start(1) + len(words))


def caseless_names(text: str) -> Iterator[Found]:
    """Names with a title or a form of address, then words alone among those of another script."""
    if _ANY.search(text) is None:
        return
    for pattern in TITLED:
        for hit in pattern.finditer(text):
            if hit[1] not in NOBODY and not (hit[0][0] in "คน" and hit[1].startswith(_NOBODY_BEGINS)):
                yield Found(Kind.NAME, Why.TITLED, *hit.span(1))
    for sentence in _SENTENCE.finditer(text):
        if len(_OTHER_LETTER.findall(sentence[0])) >= LETTERS_AROUND:
            yield from _alone(sentence[0], sentence.start())


def _alone(sentence: str, offset: int) -> Iterator[Found]:
    """A few words of one script; more of them are what somebody said, and no name."""
    for run in _RUN.finditer(sentence):
        most = MOST_UNSPACED_ALONE if _is_unspaced(run[0][0]) else MOST_SIGNS_ALONE
        if run[0].count(" ") < MOST_WORDS_ALONE and 1 < len(run[0]) <= most:
            yield Found(Kind.NAME, Why.ALONE, offset + run.start(), offset + run.end())


def _is_unspaced(sign: str) -> bool:
    return _UNSPACED_SIGN.match(sign) is not None


def _last_words(run: str) -> str:
    """As much of the words before an address as a name has; where words have no blanks between them, its last signs."""
    if _is_unspaced(run[-1]):
        return run if len(run) <= NAME_SIGNS else run[-NAME_SIGNS:].lstrip()
    return " ".join(run.split(" ")[-NAME_WORDS:])


def _first_words(run: str) -> str:
    if _is_unspaced(run[0]):
        return run[:NAME_SIGNS].rstrip()
    return " ".join(run.split(" ")[:NAME_WORDS])
