"""Rendering of the audit log: a line for each change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from babel.dates import format_datetime

from bot.rendering.markup import Text, bounded
from bot.rendering.writer import Writer
from linkdesk.errors.translate import join_refs
from linkdesk.model.outcome import format_target
from linkdesk.model.views import ChangesView, ChangeView, NamedRef
from tool_specs import TOOLS
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized, same_in_both
from tool_specs.recipes.changes_and_plans import ListChanges

_NONE: Final = Localized(en="No changes have been recorded yet.", ru="В журнале пока ничего нет.")
_LATEST: Final = Localized(en="Recent changes, newest first:", ru="Последние изменения, новые сверху:")
_UNDONE: Final = Localized(en="undone", ru="отменено")
_NOW_WITH: Final = Localized(en=" + {items}", ru=" + {items}")
_NOW_WITHOUT: Final = Localized(en=" − {items}", ru=" − {items}")
_STATES: Final[Mapping[str, Localized]] = {
    "begun": Localized(en="in progress", ru="выполняется"),
    "partly": Localized(en="partly done", ru="выполнено частично"),
    "refused": Localized(en="refused", ru="отклонено"),
    "not_done": Localized(en="not done", ru="не выполнено"),
    "unknown": Localized(en="outcome unknown", ru="итог неизвестен"),
}
_TITLES: Final[Mapping[str, Localized]] = {tool.name(): tool.title for tool in TOOLS}


def changes(writer: Writer, found: ChangesView, _asked: ListChanges) -> Iterator[Text]:
    """Render the changes, a line each."""
    yield Text.of(writer.to(_LATEST if found.changes else _NONE))
    yield from writer.rows(_line(writer, change) for change in found.changes)


def _line(writer: Writer, change: ChangeView) -> Text:
    when = format_datetime(datetime.fromisoformat(change.started), "d MMM HH:mm", locale=writer.language)
    what = writer.to(_TITLES.get(change.tool, same_in_both(change.tool)))
    about = writer.to(format_target(change.target.type, change.target.id))
    line = Text.of(f"{when}, {bounded(change.who)}. {what}: {about}") + _moved(writer, change)
    state = _UNDONE if change.undone else _STATES.get(change.state)
    return (
        line + (f" ({writer.to(state)})" if state else "") + (f" /undo {change.change_id}" if change.can_undo else "")
    )


def _moved(writer: Writer, change: ChangeView) -> Text:
    before, after = change.before or [], change.after or []
    came = [ref for ref in after if ref not in before]
    went = [ref for ref in before if ref not in after]
    parts = [(_NOW_WITH, came), (_NOW_WITHOUT, went)]
    said = "".join(writer.to(words.format_map({"items": _items(writer, refs)})) for words, refs in parts if refs)
    return Text.of(said)


def _items(writer: Writer, refs: list[NamedRef]) -> str:
    return writer.to(join_refs([CrmRef(type=ref.type, id=ref.id) for ref in refs]))
