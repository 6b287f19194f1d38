"""What surrounds a request and is no part of it: mail headers, quoted mail, greetings, signatures, bullets, remarks.

Nothing that speaks against an order is ever removed: a piece with a no, a condition, a verb or a noun of ours stays.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final

from bot.nlu.danger import find_dangers
from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import acts_of
from bot.nlu.morphology import is_naming
from bot.nlu.people import FIRST_NAMES
from bot.nlu.revision import Change, Revision, revised
from bot.nlu.tagging import tag
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Mood, Sort, Unit
from tool_specs.declaration.text import fold

TELLING: Final = (Sort.NOUN, Sort.ALL, Sort.ONLY, Sort.INSTEAD, Sort.KEEP)
TOLD: Final = frozenset({Danger.STATEMENT, Danger.SUBJECT, Danger.QUESTION})
"""What only tells of something, and forbids nothing by itself."""
CALLED: Final = (Sort.NOUN, Sort.KEEP)
"""What a person who is greeted cannot be: "dear all" are greeted."""
_ENTITY: Final = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_KEYCAP: Final = re.compile("([0-9])\ufe0f?\u20e3|\U0001f51f")
_DIGIT: Final = re.compile(r"[^\W0-9a-zA-Zа-яА-ЯёЁ_]|[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]")
_NO_SIGN: Final = re.compile("[\u274c\u274e\u26d4\U0001f6ab\U0001f645\U0001f44e\u2716\u2717\u2718\u20e0]\ufe0f?")
_MARK: Final = "[-–—*•·▪◦‣●○►▶✓✔☑✅☐□■➡→👉➤❖🔹🔸]\ufe0f?"
_BULLET: Final = re.compile(
    rf"^[^\S\n]*(?:{_MARK}(?=\s|[^\W\d_])|\(?\d{{1,2}}[.)](?=\s+\D)|[a-zа-я]\)(?=\s))\s*", re.MULTILINE
)
_INLINE: Final = re.compile(r"(?<!\S)\(?(?P<number>\d{1,2})[.)]\s+(?=[^\W\d_])")
_QUOTED: Final = re.compile(r"^(?:[^\S\n]*>)+[^\S\n]?", re.MULTILINE)
_WROTE: Final = re.compile(
    r"^(?:On\s.{4,120}\swrote:|-{2,}\s*(?:Original|Forwarded|Пересылаемое|Исходное|Пересланное)[^\n]*"
    r"|\d{1,2}[^\n]{4,100}(?:пишет|написала?|wrote):|[^\n]{0,100}<[^\s<>@]+@[^\s<>@]+>\s*(?:пишет|написала?|wrote)?:)[^\S\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
_HEADER: Final = re.compile(
    r"^(?:From|To|Cc|Bcc|Sent|Date|Reply-To|Importance|От(?:правитель)?|Кому|Копия|Отправлено|Дата)\s*:(?=\s)[^\n]*(?:\n|$)"
    r"|^(?:Subject|Re|Fwd?|Тема)\s*:[^\S\n]*(?:(?:Re|Fwd?|Отв|Ответ)\s*:[^\S\n]*)*"
    r"|^\[[^\]\n]{5,40}\][^\S\n]*[^:\n]{1,40}:[^\S\n]*|^[^\n,:]{1,40},[^\S\n]\[[^\]\n]{5,40}\]:?[^\S\n]*(?:\n|$)",
    re.MULTILINE | re.IGNORECASE,
)
_HELLO: Final = (
    r"(?:(?:hi+|hello|hey+|hiya|howdy|greetings|dear|respected|namaste|(?:good\s)?(?:morning|afternoon|evening)|good\sday)"
    r"|привет(?:ик|ствую)?|здравствуй(?:те)?|здрасьте|добр(?:ый|ое|ого)\s(?:день|дня|утро|утра|вечер|вечера)"
    r"|(?:день|утро|вечер)\sдобр(?:ый|ое)"
    r"|доброго\sвремени\sсуток|уважаем\w+|дорог(?:ой|ая|ие)|всем\sпривет|салем|вітаю|добрий\sдень)"
)
_GREETING: Final = re.compile(
    rf"^\s*{_HELLO}(?!\w)(?:\s+(?!{_HELLO})(?P<who>[^\W\d_]+(?:[’'-][^\W\d_]+)*(?:\s+[^\W\d_]+){{0,2}}))?\s*(?P<end>[,!.:…—–-]|\n|$)",
    re.IGNORECASE,
)
_MENTION: Final = re.compile(r"\s*@\w+bot[,:]?\s+(?=\S)", re.IGNORECASE)
_VOCATIVE: Final = re.compile(r"\s*(?P<who>[^\W\d_]{2,}),\s+")
_CALLED: Final = re.compile(r"\s*(?P<who>[^\W\d_]{2,})\s*(?:[,!.]|\n)\s*")
_CLOSING: Final = (
    r"(?:(?:with\s)?(?:(?:kind|best|warm|kindest|many|warmest)\s)*(?:regards|wishes)|sincerely|yours(?:\s(?:truly|faithfully"
    r"|sincerely))?|best|cheers|rgds|(?:many\s)?thanks(?:\s(?:and|&)\s(?:best\s|kind\s)?regards|\sin\sadvance|\sa\slot)?"
    r"|thank(?:ing)?\syou(?:\s(?:so|very)\smuch)?|thx|ta|xo+x?o?"
    r"|с\s(?:глубоким\s)?(?:уважением|благодарностью|наилучшими(?:\sпожеланиями)?|приветом|любовью)|(?:заранее\s)?(?:большое\s)?"
    r"спасибо(?:\sбольшое|\sзаранее)?|благодарю|всего\s(?:доброго|хорошего)|хорошего\s(?:дня|вечера)|ваша?|искренне\sваша?)"
)
_SIGNATURE: Final = re.compile(
    rf"(?P<lead>^|[.!?;,…\n]|\s[-–—/]|--)\s*(?P<closing>{_CLOSING})\s*(?P<mark>[,.!\n—–-]+)?\s*(?P<name>[^\n]*(?:\n[^\n]*){{0,4}})$",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"(?<=[.!?\d])\s*(?:\n\s*\n?\s*(?:[-–—/]{1,2}\s*)?|\s[-–—/]{1,2}\s*)(?P<name>[^\W\d_]+(?:\s[^\W\d_]+)?)[.!]?\s*$"
)
_MACHINE: Final = re.compile(
    r"\n\s*(?:--\s*\n|sent\s(?:from|via)\s|отправлено\s(?:с|из)\s|get\soutlook\sfor\s)[^\n]*(?:\n[^\n]*){0,4}$",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"\s*[(\[](?P<inner>[^()\[\]]{1,120})[)\]]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def clean(text: str) -> Revision:
    """Remove what surrounds a request, and write digits and signs in the one way that the tokenizer reads."""
    made = Revision(re.sub(r"\n\s*\n", "\n\n", text))
    for stage in (
        _entities,
        _keycaps,
        _quotation,
        _headers,
        _greeting,
        _addressed,
        _machine,
        _signature,
        _numbering,
        _bullets,
    ):
        made = made.then(stage)
    made = made.then(_no_signs)
    return Revision(made.text.strip(), made.edits) if made.text.strip() else Revision(text)


def without_remarks(text: str) -> Revision:
    """Remove what stands in brackets and only adds to what was said.

    It is a stage of its own: a text that is to be written down as it is has been cut off before.
    """
    found = [one for one in _BRACKETS.finditer(text) if says_nothing(one["inner"]) and one.start()]
    return revised(text, [(one.start(), one.end(), "") for one in found], Change.REMARK)


def says_nothing(text: str, *, telling: tuple[Sort, ...] = TELLING) -> bool:
    """Tell whether words can be left out: no verb that orders, no noun of ours, no number, nothing that forbids."""
    if re.search(r"\d", text) or _NO_SIGN.search(text):
        return False
    units = _tagged(text)
    return not (_forbids(text) or _orders(text) or any(unit.has(*telling) for unit in units))


@lru_cache(maxsize=64)
def _tagged(text: str) -> tuple[Unit, ...]:
    return tuple(tag(units_of(text)))


def _forbids(text: str) -> bool:
    """Tell whether a word speaks against an order; what only tells of somebody does not."""
    found, _ = find_dangers(text, _tagged(text))
    return any(dangers - TOLD for dangers in found)


def _orders(text: str) -> bool:
    return any(acts_of(unit, Mood.ORDER) for unit in _tagged(text))


def _entities(text: str) -> Revision:
    found = ((one.start(), one.end(), html.unescape(one[0]).replace("\u00a0", " ")) for one in _ENTITY.finditer(text))
    return revised(text, found, Change.ENTITY)


def _keycaps(text: str) -> Revision:
    caps = [(one.start(), one.end(), one[1] or "10") for one in _KEYCAP.finditer(text)]
    digits = [(one.start(), one.end(), _digit(one[0])) for one in _DIGIT.finditer(text)]
    return revised(text, [*caps, *digits], Change.DIGIT)


def _digit(sign: str) -> str:
    """Return the plain digits for a circled or foreign one; any other sign as it is."""
    value = unicodedata.numeric(sign, -1.0)
    category = unicodedata.category(sign)
    return str(int(value)) if category in {"Nd", "No"} and value >= 0 and value.is_integer() else sign


def _quotation(text: str) -> Revision:
    """Take the marks off a text that is quoted whole; drop older mail below an answer that says something itself."""
    wrote = _WROTE.search(text)
    if wrote is not None and _speaks(text[: wrote.start()]):
        return revised(text, [(wrote.start(), len(text), "")], Change.QUOTED_MAIL)
    made = Revision(text)
    if wrote is not None:
        made = revised(text, [(wrote.start(), wrote.end(), "")], Change.HEADER)
    lines = [line for line in made.text.split("\n") if line.strip()]
    own = "\n".join(line for line in lines if not _QUOTED.match(line))
    if own.strip() and _speaks(own):
        return made.then(_without_quoted_lines)
    return made.then(
        lambda rest: revised(rest, [(m.start(), m.end(), "") for m in _QUOTED.finditer(rest)], Change.QUOTE_MARK)
    )


def _without_quoted_lines(text: str) -> Revision:
    quoted = re.finditer(r"^[^\S\n]*>[^\n]*\n?", text, re.MULTILINE)
    return revised(text, [(one.start(), one.end(), "") for one in quoted], Change.QUOTED_MAIL)


def _speaks(text: str) -> bool:
    """Tell whether a text names a record by its number, or forbids something."""
    return bool(re.search(r"\d", text)) or not says_nothing(text)


def _headers(text: str) -> Revision:
    if "\n" not in text and not re.match(r"(?:Subject|Re|Fwd?|Тема)\s*:|\[|[^\n,:]{1,40}, \[", text, re.IGNORECASE):
        return Revision(text)
    return revised(text, [(one.start(), one.end(), "") for one in _HEADER.finditer(text)], Change.HEADER)


def _addressed(text: str) -> Revision:
    """Take off whom a message is addressed to: a bot, or a first name before an order."""
    if (found := _MENTION.match(text)) is not None:
        return revised(text, [(0, found.end(), "")], Change.GREETING)
    called = _VOCATIVE.match(text)
    if called is None or not _is_called(called):
        return Revision(text)
    first = next((unit for unit in _tagged(text[called.end() :]) if not unit.has(Sort.POLITE)), None)
    ordered = first is not None and bool(acts_of(first, Mood.ORDER))
    # It may be somebody else who is asked.
    return revised(text, [(0, called.end(), "")], Change.HEADER) if ordered else Revision(text)


def _greeting(text: str) -> Revision:
    found = _GREETING.match(text)
    if found is None:
        return Revision(text)
    who = found["who"]
    named = who is None or (
        says_nothing(who, telling=CALLED) and (found["end"] in "!\n" or who[:1].isupper() or len(who.split()) == 1)
    )
    if not named or (found["end"] == "" and not who):
        return Revision(text)
    called = _CALLED.match(text, found.end()) if who is None else None
    end = called.end() if called and says_nothing(called["who"]) and _is_called(called) else found.end()
    return revised(text, [(0, end, "")], Change.GREETING)


def _is_called(called: re.Match[str]) -> bool:
    """Tell whether a word after a greeting is whom it greets: a first name, or any word with an exclamation mark."""
    word = called["who"]
    if "!" in called[0]:
        return True
    return word[:1].isupper() and (
        fold(word) in FIRST_NAMES or (bool(re.search("[\u0400-\u04ff]", word)) and is_naming(fold(word)))
    )


def _machine(text: str) -> Revision:
    found = _MACHINE.search(text)
    removable = found is not None and not _forbids(found[0])
    return (
        revised(text, [(found.start(), found.end(), "")], Change.SIGNATURE) if found and removable else Revision(text)
    )


def _signature(text: str) -> Revision:
    for found in _SIGNATURE.finditer(text):
        name = found["name"].strip()
        if _is_signature(name, marked=bool(found["mark"])):
            start = (
                found.start() + len(found["lead"]) if found["lead"].strip() in {".", "!", "?", "…"} else found.start()
            )
            # It may as well end a text that is to be written down.
            written = re.search('[:«“"]', text[:start]) is not None
            return revised(text, [(start, len(text), "")], Change.REMARK if written else Change.SIGNATURE)
    signed = _SIGNED.search(text)
    if (
        signed is not None
        and all(word[:1].isupper() for word in signed["name"].split())
        and says_nothing(signed["name"])
    ):
        return revised(text, [(signed.start(), len(text), "")], Change.SIGNATURE)
    return Revision(text)


def _is_signature(name: str, *, marked: bool) -> bool:
    """Tell whether what follows a closing formula is who signs, with a position and a telephone perhaps."""
    first, _, rest = name.partition("\n")
    words = _WORD.findall(first)
    capital = all(word[:1].isupper() for word in words)
    signs = not words or (len(words) <= 4 and (capital or not marked) and says_nothing(first))  # noqa: PLR2004 - names
    return signs and (capital or not words) and not _forbids(rest) and not _orders(rest)


def _numbering(text: str) -> Revision:
    """Put each item of a list that is numbered inside a line on a line of its own."""
    found = list(_INLINE.finditer(text))
    if len(found) < 2 or [int(one["number"]) for one in found] != list(range(1, len(found) + 1)):  # noqa: PLR2004 - a list
        return Revision(text)
    return revised(text, [(one.start(), one.end(), "\n" if one.start() else "") for one in found], Change.BULLET)


def _bullets(text: str) -> Revision:
    return revised(text, [(one.start(), one.end(), "") for one in _BULLET.finditer(text)], Change.BULLET)


def _no_signs(text: str) -> Revision:
    no = " нет " if re.search("[\u0400-\u04ff]", text) else " no "
    return revised(text, [(one.start(), one.end(), no) for one in _NO_SIGN.finditer(text)], Change.NO_SIGN)
