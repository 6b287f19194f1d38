"""Options of `/notify`: which changes, of which resources, and quiet hours. Pure.

The parts may come in any order and several at once. A word that says nothing here is named, and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Final, TypeAlias

from bot.nlu.lexicon_data.command_words import ALL, AND, TO, UP_TO
from bot.nlu.message_text import cleaned
from linkdesk.events.model import EventKind
from linkdesk.events.subscriptions import ALL_KINDS, QuietHours
from tool_specs.declaration.text import fold


@dataclass(frozen=True, slots=True)
class NotificationOptions:
    """What is to be changed; None leaves it as it is."""

    on: bool | None = None
    kinds: frozenset[EventKind] | None = None
    resources: tuple[str, ...] | None = None
    """Numbers or names, as they were written; empty: of all resources."""
    without_deal: bool | None = None
    quiet: QuietHours | None = None
    no_quiet: bool = False

    @property
    def shows(self) -> bool:
        """Whether nothing is to be changed."""
        return self == NotificationOptions()


@dataclass(frozen=True, slots=True)
class UnknownOption:
    """A word that is no option, or an invalid time range."""

    word: str
    hours: bool = False


_Read: TypeAlias = tuple[NotificationOptions, int] | UnknownOption


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


_ON: Final = _words("on enable включить включи включите вкл")
_OFF: Final = _words("off disable выключить выключи выключите выкл отключить отключи отключите откл")
_KINDS: Final[Mapping[EventKind, frozenset[str]]] = {
    EventKind.CREATED: _words("new created create creation новые новая новое новых новую создание созданные"),
    EventKind.CHANGED: _words(
        "changed change changes moved moves изменение изменения изменений измененные перенос переносы переносов"
    ),
    EventKind.DELETED: _words(
        "deleted delete deletions cancelled canceled cancellations отмена отмены отмен отмененные удаление удаления "
        "удаленные"
    ),
}
_RESOURCE: Final = _words("resource resources ресурс ресурса ресурсы ресурсов ресурсам ресурсу")
_WITHOUT: Final = _words("without no без")
_WITH: Final = _words("with any с со")
_DEAL: Final = _words("deal deals сделка сделки сделок сделку сделкой сделками")
_QUIET: Final = _words("quiet silent тихо тишина тихие")
_HOURS: Final = _words("hours hour часы час часов time время")
_SMALL: Final = AND | _words(", only just только about о об и")
_BEGINS: Final = _ON.union(_OFF, *_KINDS.values(), _RESOURCE, _WITHOUT, _WITH, _QUIET)
_BETWEEN: Final = "|".join(sorted({"-", "–", "—", *TO, *UP_TO}, key=len, reverse=True))
_SPAN: Final = re.compile(
    rf"(?:from|between|с|со)?\s*(\d{{1,2}})(?:[:.](\d\d))?\s*(?:{_BETWEEN}|and|и)\s*(\d{{1,2}})(?:[:.](\d\d))?"
)
_LAST_HOUR: Final = 24


def read_options(text: str) -> NotificationOptions | UnknownOption:
    """Read the options, or return the word that is not understood."""
    words = re.findall(r"[^\s,;]+|,", cleaned(text))
    order, at = NotificationOptions(), 0
    while at < len(words):
        found = _part(order, words, at)
        if isinstance(found, UnknownOption):
            return found
        order, at = found
    return order


def _part(order: NotificationOptions, words: Sequence[str], at: int) -> _Read:
    """Read one part; return the options with it, and where the next part begins."""
    word = fold(words[at].strip(".!"))
    if word in _SMALL:
        return order, at + 1
    kinds = ALL_KINDS if word in ALL else frozenset(kind for kind, known in _KINDS.items() if word in known)
    if kinds:
        return replace(order, kinds=(order.kinds or frozenset()) | kinds), at + 1
    for known, read in _PARTS:
        if word in known:
            return read(order, words, at)
    return UnknownOption(words[at])


def _switch(order: NotificationOptions, words: Sequence[str], at: int) -> _Read:
    """Read "on" or "off", which may come once."""
    is_on = fold(words[at].strip(".!")) in _ON
    return UnknownOption(words[at]) if order.on is not None else (replace(order, on=is_on), at + 1)


def _resources(order: NotificationOptions, words: Sequence[str], at: int) -> _Read:
    """Read "resource 1 2" or "resource all"."""
    end = _end(words, at + 1)
    return UnknownOption(words[at]) if end == at + 1 else (replace(order, resources=_listed(words[at + 1 : end])), end)


def _deal(order: NotificationOptions, words: Sequence[str], at: int) -> _Read:
    """Read "without deal" or "with deal"."""
    deal = next((place for place in range(at + 1, min(at + 3, len(words))) if fold(words[place]) in _DEAL), None)
    if deal is None:
        return UnknownOption(words[at])
    return replace(order, without_deal=fold(words[at].strip(".!")) in _WITHOUT), deal + 1


def _end(words: Sequence[str], at: int) -> int:
    """Return where the words of an option end."""
    return next((place for place in range(at, len(words)) if fold(words[place]) in _BEGINS), len(words))


def _listed(words: Sequence[str]) -> tuple[str, ...]:
    """Return the resources of a list: numbers one by one, names by the commas between them."""
    if all(fold(word) in ALL for word in words):
        return ()
    if all(word.strip("#№").isdecimal() or fold(word) in _SMALL for word in words):
        return tuple(word.strip("#№") for word in words if fold(word) not in _SMALL)
    return tuple(
        part for part in (one.strip() for one in re.split(r"\s*(?:,|\band\b|\bи\b)\s*", " ".join(words))) if part
    )


def _quiet(order: NotificationOptions, words: Sequence[str], at: int) -> _Read:
    """Read quiet hours: "22:00-08:00", "с 22 до 8", or that there are none."""
    first = at + 1
    while first < len(words) and fold(words[first]) in _HOURS:
        first += 1
    if first < len(words) and fold(words[first]) in _OFF:
        return replace(order, quiet=None, no_quiet=True), first + 1
    for end in range(min(len(words), first + 5), first, -1):
        span = _SPAN.fullmatch(fold(" ".join(words[first:end])))
        if span is not None:
            quiet = _hours(span)
            said = " ".join(words[first:end])
            return (
                UnknownOption(said, hours=True) if quiet is None else (replace(order, quiet=quiet, no_quiet=False), end)
            )
    return UnknownOption(" ".join(words[first : first + 3]) or words[at], hours=True)


def _hours(span: re.Match[str]) -> QuietHours | None:
    start, end = _clock(span[1], span[2]), _clock(span[3], span[4])
    return None if start is None or end is None or start == end else QuietHours(start, end)


def _clock(hour: str, minute: str | None) -> time | None:
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (_LAST_HOUR, 0):
        return time(0)
    return time(hours, minutes) if hours < _LAST_HOUR and minutes < 60 else None  # noqa: PLR2004 - minutes of an hour


_PARTS: Final[Sequence[tuple[frozenset[str], Callable[[NotificationOptions, Sequence[str], int], _Read]]]] = (
    (_ON | _OFF, _switch),
    (_RESOURCE, _resources),
    (_WITHOUT | _WITH, _deal),
    (_QUIET, _quiet),
)
