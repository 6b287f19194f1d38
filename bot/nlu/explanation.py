"""How each word was understood, for the person who asks why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.nlu.lexicon import acts_of
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.result import Word
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import Act
from tool_specs.declaration.localized import Localized, join_with_commas, same_in_both

ACTS: Final[Mapping[Act, Localized]] = {
    Act.SHOW: Localized(en="show", ru="показать"),
    Act.FIND: Localized(en="find", ru="найти"),
    Act.JOIN: Localized(en="add or link", ru="добавить или привязать"),
    Act.PART: Localized(en="take off or unlink", ru="убрать или отвязать"),
    Act.REPLACE: Localized(en="replace", ru="заменить"),
    Act.MOVE: Localized(en="move", ru="перенести"),
    Act.CREATE: Localized(en="create", ru="создать"),
    Act.CHANGE: Localized(en="change", ru="изменить"),
    Act.DELETE: Localized(en="delete", ru="удалить"),
    Act.APPLY: Localized(en="carry out", ru="выполнить"),
    Act.REJECT: Localized(en="reject", ru="отклонить"),
    Act.UNDO: Localized(en="undo", ru="вернуть как было"),
}
TAKEN: Final[Mapping[str, Localized]] = {
    "id": Localized(en="the number of a record", ru="номер записи"),
    "when": Localized(en="a day or a time", ru="день или время"),
    "name": Localized(en="a name", ru="имя"),
    "limit": Localized(en="how many", ru="сколько"),
}
SORTS: Final[Mapping[Sort, Localized]] = {
    Sort.ALL: Localized(en="all of them", ru="все"),
    Sort.ONLY: Localized(en="only these", ru="только эти"),
    Sort.TOWARDS: Localized(en="towards", ru="куда"),
    Sort.AWAY: Localized(en="away from", ru="откуда"),
    Sort.EITHER: Localized(en="a preposition", ru="предлог"),
    Sort.ASKING: Localized(en="a question", ru="вопрос"),
    Sort.AND: Localized(en="and", ru="и"),
}
NOTHING: Final = Localized(en="not understood", ru="не понято")
SAYS_NOTHING: Final = Localized(en="says nothing by itself", ru="само по себе ничего не значит")
TAKEN_FOR: Final = Localized(en="{meaning} (read as “{word}”)", ru="{meaning} (прочитано как «{word}»)")
_SILENT: Final = frozenset({Kind.COMMA, Kind.COLON, Kind.STOP, Kind.ASKS, Kind.DASH})
_NOUN_SAID: Final = {noun.name: noun.said for noun in NOUNS}


def words_of(units: Sequence[Unit]) -> tuple[Word, ...]:
    """Give every word with what it was taken for."""
    return tuple(Word(unit.text, _meaning(unit)) for unit in units if unit.kind not in _SILENT)


def _meaning(unit: Unit) -> Localized:
    said = _plain(unit)
    return TAKEN_FOR.format_map({"meaning": said, "word": same_in_both(unit.corrected)}) if unit.corrected else said


def _plain(unit: Unit) -> Localized:
    if unit.taken in TAKEN:
        return TAKEN[unit.taken]
    if unit.ref is not None:
        return unit.ref.said
    acts = acts_of(unit, Mood.ORDER)
    if acts:
        return join_with_commas([ACTS[act] for act in ACTS if act in acts])
    if unit.nouns:
        return _NOUN_SAID[unit.nouns[0]]
    if (sort := next((sort for sort in SORTS if unit.has(sort)), None)) is not None:
        return SORTS[sort]
    return SAYS_NOTHING if unit.meanings else NOTHING
