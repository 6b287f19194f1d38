"""Explain error codes for `linkdesk explain` and `/explain`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from linkdesk.errors.lookup import EMPTY_CODE, MAX_CODE_LENGTH, CatalogueEntry, find_entries, nearest_code
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.failure import Who
from tool_specs.declaration.localized import Language, Localized

MAX_MEANINGS_IN_CHAT: Final = 5
"""Meanings of one code that a chat shows."""
MAX_METHODS_IN_CHAT: Final = 6

WHO: Final[Mapping[Who, Localized]] = {
    Who.YOU: Localized(en="you", ru="вы сами"),
    Who.ADMIN: Localized(en="your administrator", ru="администратор"),
    Who.BITRIX24: Localized(en="Bitrix24", ru="Битрикс24"),
    Who.LINKDESK: Localized(
        en="Linkdesk (tell your administrator)", ru="разработчики Linkdesk (сообщите администратору)"
    ),
}
RETRY: Final[Mapping[bool, Localized]] = {
    True: Localized(en="yes, later", ru="да, позже"),
    False: Localized(en="no", ru="нет"),
}
CHANGED: Final[Mapping[bool, Localized]] = {
    True: Localized(
        en="possibly: check the record before you try again",
        ru="возможно: прежде чем повторять, проверьте запись",
    ),
    False: Localized(en="no", ru="нет"),
}
_WHY: Final = Localized(en="Why", ru="Почему")
_NEXT: Final = Localized(en="What to do", ru="Что делать")
_WHO: Final = Localized(en="Who can fix it", ru="Кто исправит")
_RETRY: Final = Localized(en="Will retrying help", ru="Поможет ли повтор")
_CHANGED: Final = Localized(en="Could anything have changed", ru="Могло ли что-то измениться")
_FROM: Final = Localized(en="Returned by", ru="Где возникает")
_VENDOR: Final = Localized(en="Bitrix24: {codes}", ru="Битрикс24: {codes}")
_EMPTY: Final = Localized(en="(empty)", ru="(пустой)")
_MORE_METHODS: Final = Localized(en="and {more} more", ru="и ещё {more}")
_MORE_MEANINGS: Final = Localized(
    en="This code has {more} more meanings: linkdesk explain {code}",
    ru="У этого кода есть и другие значения ({more}): linkdesk explain {code}",
)
_UNKNOWN: Final = Localized(en="Linkdesk does not know the code “{code}”.", ru="Кода «{code}» Linkdesk не знает.")
_NEAREST: Final = Localized(en="Did you mean {code}?", ru="Возможно, имелся в виду {code}?")
NAME_ONE: Final = Localized(
    en="Give an error code: /explain 1021",
    ru="Укажите код ошибки: /поясни 1021",
)


def explain(code: str, language: Language) -> str | None:
    """Return everything known about a code, or None."""
    found = find_entries(code)
    return "\n\n".join("\n".join(_entry_lines(entry, language)) for entry in found) if found else None


def explain_for_chat(code: str, language: Language) -> str:
    """Explain a code in a chat, with a limited number of meanings and methods."""
    code = code.strip()
    if not code:
        return NAME_ONE.to(language)
    found = find_entries(code)
    if not found:
        return unknown_code(code, language)
    told = ["\n".join(_entry_lines(entry, language, MAX_METHODS_IN_CHAT)) for entry in found[:MAX_MEANINGS_IN_CHAT]]
    if (more := len(found) - MAX_MEANINGS_IN_CHAT) > 0:
        told.append(_MORE_MEANINGS.format_map({"more": more, "code": code}).to(language))
    return "\n\n".join(told)


def unknown_code(code: str, language: Language) -> str:
    """Return the message for an unknown code, with the most similar known one."""
    said = _UNKNOWN.format_map({"code": one_line(code, MAX_CODE_LENGTH)}).to(language)
    meant = nearest_code(code)
    return said if meant is None else f"{said} {_NEAREST.format_map({'code': meant}).to(language)}"


def vendor_codes_text(entry: CatalogueEntry, language: Language = "en") -> str:
    """Return the vendor's codes of an entry."""
    return ", ".join(code or f"{_EMPTY.to(language)} {EMPTY_CODE}" for code in entry.vendor_codes)


def sources_text(entry: CatalogueEntry, language: Language, most: int | None = None) -> str:
    """Name where an entry comes from."""
    if not entry.methods:
        return entry.origin.to(language)
    shown = list(entry.methods[:most])
    if more := len(entry.methods) - len(shown):
        shown.append(_MORE_METHODS.format_map({"more": more}).to(language))
    return ", ".join(shown)


def _entry_lines(entry: CatalogueEntry, language: Language, most: int | None = None) -> Iterator[str]:
    failure = entry.failure
    vendor = (
        f" ({_VENDOR.format_map({'codes': vendor_codes_text(entry, language)}).to(language)})"
        if entry.vendor_codes
        else ""
    )
    yield f"{failure.code}{vendor}"
    yield entry.with_placeholders(failure.what).to(language)
    if failure.why is not None:
        yield _field(_WHY, entry.with_placeholders(failure.why), language)
    yield _field(_NEXT, entry.with_placeholders(failure.next), language)
    yield _field(_WHO, WHO[failure.who], language)
    yield _field(_RETRY, RETRY[failure.retryable], language)
    yield _field(_CHANGED, CHANGED[entry.can_have_changed], language)
    yield f"{_FROM.to(language)}: {sources_text(entry, language, most)}"


def _field(name: Localized, value: Localized, language: Language) -> str:
    return f"{name.to(language)}: {value.to(language)}"
