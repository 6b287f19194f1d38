"""Sentences made of the corpus's orders, seeded: noes and conditions around them, statements, slips, a word more."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.nlu.lexicon import language_of_word
from bot.nlu.lexicon_data.verbs import VERBS
from bot.nlu.morphology import parses
from bot.nlu.ordinary_words import english_words
from bot.nlu.training.slips import slip
from bot.nlu.words import meanings_of, spelled
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect
from tool_specs.declaration.text import fold

CORPUS: Final = Path(__file__).parents[1] / "tests" / "bot" / "nlu" / "corpus"
WRITES: Final = frozenset(method.name() for method in TOOLS if method.effect is not Effect.READ)
TEXTS: Final = frozenset({"note", "name", "description"})
NAMES: Final = re.compile('"(?:name|text|client|resource|plan_id|change_id)":')
"""What is looked up by its spelling: a slip in it is proposed as it stands."""
Row = dict[str, Any]

BEFORE: Final = {
    "en": """don't|do not|dont|never|please don't|you must not|no need to|we shouldn't|let's not|i didn't ask you to
if she calls,|if Anna comes,|when he pays,|unless it rains,|once she confirms,|as soon as they pay,
in case she comes|should i|should we|shall we|maybe|perhaps we could|i think we should|not sure, maybe|i might
she said|he asked to|the manager wants to|anna says:|they told me to|according to Mary we should
my boss keeps asking to|why did you|how do i|did you|do we|is it wise to|who told you to|what happens if i
what if we|wait,|hold on,|forget it, don't|stop, don't|under no circumstances|it would be wrong to|i refuse to
rather than|tomorrow she will|they|somebody should|he wanted to|i was going to|we used to|don't you dare
nobody asked you to""",
    "ru": """не|не надо|не нужно|нельзя|никогда не|пожалуйста, не|ни в коем случае не|только не|незачем|если придёт,
если Анна позвонит,|когда оплатит,|как только придёт,|пока не поздно,|вдруг попросят,|чтобы|стоит ли|может,
может быть,|наверное,|надо ли|а не зря ли|думаю,|возможно,|не уверен, но|она просит|он сказал:|клиент хочет
Мария пишет:|начальник велел|говорят, надо|якобы просили|администратор спрашивает, можно ли|как|зачем
почему ты не|кто просил|а что будет, если|можно ли|подожди,|стой,|забудь, не|передумала, не|хватит|отставить:
было бы ошибкой|вместо того чтобы|потом|кто-то должен|он собирался|мы хотели|она забыла|рано""",
}
AFTER: Final = {
    "en": """- no, wait|, no, don't|, no, stop|if she comes|unless he calls|once the client pays|when he calls|, he says
, said the manager|or not|or maybe not|? not sure|, just kidding, don't|as soon as she confirms|, she asked
if and only if they agree|- forget it|but only if anna agrees|provided that he pays|, nope|, or should we wait""",
    "ru": """или нет|, если придёт|, когда оплатит|, хотя нет|, стоп|, не надо|, сказала Анна|, нет, подожди
, просит она|, как только подтвердят|, если клиент согласен|- отмена, не делай|, или не стоит|, пишет клиент|, наверное
, ой нет, не так|, при условии что оплатит|, ладно, забудь|, но только если она не против""",
}
RUSSIAN_WORDS: Final = """окно стол лампа зима весна письменно лучше музыка цветок тетрадь стекло песня молоко яблоко
вода звезда лестница полка вечность быстро дружно ласково умный синий тихий весёлый круглый горячий сладкий длинный
однако впрочем разумеется естественно итак значит допустим серьёзно откровенно наконец наконец-то поскорей побыстрей
немедленно оперативно вежливо бесплатно лично мгновенно солнечно радостно"""
"""Words that are put into Russian sentences; none of them is among those that weights are fitted with."""


@cache
def orders() -> tuple[Row, ...]:
    """Choose the complete write orders of the corpus."""
    rows = [
        json.loads(line) for name in ("en", "ru") for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    return tuple(row for row in rows if row["expect"].get("tool") in WRITES and not row["expect"].get("missing"))


def _drawn(count: int, seed: int, vary: Callable[[Row, random.Random], str | None]) -> Iterator[Row]:
    """Draw orders and vary them until there are enough; a row says what was made of which order."""
    dice = random.Random(seed)  # noqa: S311 - examples are no secret
    made = 0
    while made < count:
        row = dice.choice(orders())
        text = vary(row, dice)
        if text is not None and text != row["text"]:
            made += 1
            yield {**row, "text": text}


def _is_russian(text: str) -> bool:
    return any(language_of_word(word) == "ru" for word in text.split())


def _has_text(row: Row) -> bool:
    """Return whether the order contains free text: everything after these words belongs to it."""
    return bool(TEXTS & row["expect"]["arguments"].keys())


def noes(count: int, seed: int) -> Iterator[Row]:
    """Make sentences that order nothing: a no, a condition, a doubt, a report or a question around an order."""
    nothing = {"tool": None, "arguments": {}}
    yield from ({**row, "expect": nothing} for row in _drawn(count, seed, _forbidden))


def _forbidden(row: Row, dice: random.Random) -> str | None:
    language = "ru" if _is_russian(row["text"]) else "en"
    if dice.random() < 0.6 or _has_text(row):  # noqa: PLR2004 - a share
        opening = dice.choice(re.split("[|\n]", BEFORE[language]))
        return f"{opening} {row['text']}"
    closing = dice.choice(re.split("[|\n]", AFTER[language]))
    gap = "" if closing.startswith((",", "?")) else " "
    return f"{row['text'].rstrip('.!? ')}{gap}{closing}"


def statements(count: int, seed: int) -> Iterator[Row]:
    """Make sentences that say what was, is or will be done."""
    nothing = {"tool": None, "arguments": {}}
    yield from ({**row, "expect": nothing} for row in _drawn(count, seed, _stated))


@cache
def _inflected() -> dict[str, tuple[str, str, str]]:
    """Return the third person, the past and the -ing of English verbs, by their base."""
    verbs = [verb for saids in VERBS.values() for said in saids for verb in said.en.split() if "-" not in verb]
    found = {}
    for verb in verbs:
        if "/" in verb:
            base, third, past, _, ing = verb.split("/")
        else:
            stem = verb.removesuffix("e")
            base, third, past, ing = (
                verb,
                f"{verb}es" if verb.endswith(("ch", "sh", "x")) else f"{verb}s",
                f"{stem}ed",
                f"{stem}ing",
            )
        found[base] = (third, past, ing)
    return found


def _stated(row: Row, dice: random.Random) -> str | None:
    """Put a subject before the first word of an order, and that word into a form that tells."""
    first, _, rest = row["text"].partition(" ")
    word = fold(first)
    if language_of_word(word) == "ru":
        return _russian_statement(word, rest, dice)
    if word not in _inflected():
        return None
    third, past, ing = _inflected()[word]
    if past == word:
        # "I put deal 5 …" is told by its subject alone.
        return f"{dice.choice(('she', 'yesterday they', 'anna'))} {past} {rest}"
    forms = {
        f"i {past}": 1, f"she {past}": 1, f"the client {past}": 1, f"anna {past}": 1, past: 1, f"we already {past}": 1,
        f"she {third}": 1, f"the admin {third}": 1, f"he is {ing}": 1, f"i'm {ing}": 1, f"they will {word}": 1,
        f"i will {word}": 1, f"i have {past}": 1, f"they were {ing}": 1, f"he usually {third}": 1,
    }  # fmt: skip
    return f"{dice.choice([*forms])} {rest}"


def _russian_statement(word: str, rest: str, dice: random.Random) -> str | None:
    verb = next((one for one in parses(word) if one.tag.POS == "VERB" and "impr" in one.tag), None)
    if verb is None or not any(one.acts for one in meanings_of(word)):
        return None
    subject, wanted = dice.choice(
        (
            ("она", {"past", "femn"}), ("я уже", {"past", "masc"}), ("мы", {"past", "plur"}), ("", {"past", "femn"}),
            ("клиент", {"past", "masc"}), ("Анна вчера", {"past", "femn"}), ("администраторы", {"past", "plur"}),
            ("", {"past", "masc"}), ("он", {"indc", "3per", "sing"}), ("они", {"indc", "3per", "plur"}),
            ("", {"past", "plur"}), ("я завтра", {"indc", "1per", "sing"}),
        )
    )  # fmt: skip
    form = verb.inflect(wanted)
    return None if form is None else f"{subject} {form.word} {rest}".strip()


def slipped(count: int, seed: int) -> Iterator[Row]:
    """Make orders with one or two slips of the finger outside of what is written down as it is."""

    def vary(row: Row, dice: random.Random) -> str | None:
        if _has_text(row) or NAMES.search(json.dumps(row["expect"])) or re.search(r"https?:|[\"«“]", row["text"]):
            return None
        text = slip(row["text"], dice)
        return slip(text, dice) if dice.random() < 0.5 else text  # noqa: PLR2004 - a share

    yield from _drawn(count, seed, vary)


def with_one_word(count: int, seed: int) -> Iterator[Row]:
    """Make orders with one ordinary word put in anywhere, but not between a noun and its number."""

    def vary(row: Row, dice: random.Random) -> str | None:
        text = row["text"]
        if _has_text(row) or re.search(r"[\"«“:]", text):
            return None
        words = RUSSIAN_WORDS.split() if _is_russian(text) else _rarer()
        places = [
            0,
            len(text.rstrip(".!? ")),
            *(found.start() for found in re.finditer(r"(?<=[^\W\d_]) (?=[^\W\d_])", text)),
        ]
        at = dice.choice(places)
        return f"{text[:at]} {dice.choice(words)} {text[at:].lstrip()}".strip()

    yield from _drawn(count, seed, vary)


@cache
def _rarer() -> tuple[str, ...]:
    """List English words that weights are not fitted with."""
    return tuple(word for word in list(english_words())[3000:6000] if len(word) > 3 and word not in spelled("en"))  # noqa: PLR2004 - letters


KINDS: Final = (noes, statements, slipped, with_one_word)
