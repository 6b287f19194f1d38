"""How each word was understood, for the person who asks why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.nlu.lexicon import acts_of
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.result import Word
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import Act
from tool_specs.declaration.localized import Said, joined, plain

ACTS: Final[Mapping[Act, Said]] = {
    Act.SHOW: Said(en="show", ru="показать"),
    Act.FIND: Said(en="find", ru="найти"),
    Act.JOIN: Said(en="add or link", ru="добавить или привязать"),
    Act.PART: Said(en="take off or unlink", ru="убрать или отвязать"),
    Act.REPLACE: Said(en="replace", ru="заменить"),
    Act.MOVE: Said(en="move", ru="перенести"),
    Act.CREATE: Said(en="create", ru="создать"),
    Act.CHANGE: Said(en="change", ru="изменить"),
    Act.DELETE: Said(en="delete", ru="удалить"),
    Act.APPLY: Said(en="carry out", ru="выполнить"),
    Act.REJECT: Said(en="reject", ru="отклонить"),
    Act.UNDO: Said(en="undo", ru="вернуть как было"),
}
TAKEN: Final[Mapping[str, Said]] = {
    "id": Said(en="the number of a record", ru="номер записи"),
    "when": Said(en="a day or a time", ru="день или время"),
    "name": Said(en="a name", ru="имя"),
    "limit": Said(en="how many", ru="сколько"),
}
SORTS: Final[Mapping[Sort, Said]] = {
    Sort.ALL: Said(en="all of them", ru="все"),
    Sort.ONLY: Said(en="only these", ru="только эти"),
    Sort.NOT: Said(en="a negation", ru="отрицание"),
    Sort.UNSURE: Said(en="a doubt or a condition", ru="сомнение или условие"),
    Sort.SAYING: Said(en="somebody's words", ru="чужие слова"),
    Sort.TOWARDS: Said(en="towards", ru="куда"),
    Sort.AWAY: Said(en="away from", ru="откуда"),
    Sort.EITHER: Said(en="a preposition", ru="предлог"),
    Sort.ASKING: Said(en="a question", ru="вопрос"),
    Sort.AND: Said(en="and", ru="и"),
}
NOTHING: Final = Said(en="not understood", ru="не понято")
SAYS_NOTHING: Final = Said(en="says nothing by itself", ru="само по себе ничего не значит")
TAKEN_FOR: Final = Said(en="{meaning} (read as “{word}”)", ru="{meaning} (прочитано как «{word}»)")
_SILENT: Final = frozenset({Kind.COMMA, Kind.COLON, Kind.STOP, Kind.ASKS, Kind.DASH})
_NOUN_SAID: Final = {noun.name: noun.said for noun in NOUNS}


def words_of(units: Sequence[Unit]) -> tuple[Word, ...]:
    """Give every word with what it was taken for."""
    return tuple(Word(unit.text, _meaning(unit)) for unit in units if unit.kind not in _SILENT)


def _meaning(unit: Unit) -> Said:
    said = _plain(unit)
    return TAKEN_FOR.having({"meaning": said, "word": plain(unit.corrected)}) if unit.corrected else said


def _plain(unit: Unit) -> Said:
    if unit.taken in TAKEN:
        return TAKEN[unit.taken]
    if unit.ref is not None:
        return unit.ref.said
    acts = acts_of(unit, Mood.ORDER)
    if acts:
        return joined([ACTS[act] for act in ACTS if act in acts])
    if unit.nouns:
        return _NOUN_SAID[unit.nouns[0]]
    if (sort := next((sort for sort in SORTS if unit.has(sort)), None)) is not None:
        return SORTS[sort]
    return SAYS_NOTHING if unit.meanings else NOTHING
