"""Rendering of record writes: what was created, changed or deleted, and the preview before that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from pydantic import BaseModel

from bot.rendering import registry
from bot.rendering.markup import Text
from bot.rendering.phrases import NOTHING_STAYS
from bot.rendering.resources import stretches
from bot.rendering.writer import Writer, capitalized
from linkdesk.errors.argument_labels import argument_label
from linkdesk.model.outcome import RecordDone, RecordPlan, RecordTarget
from linkdesk.model.views import BookingView, Named, NamedRef, ResourceScheduleView
from tool_specs.declaration.localized import Localized

MOST_CHANGES: Final = 8
"""How many changed fields are told one by one."""

CREATED: Final = Localized(en="Created: {target}.", ru="Создано: {target}.")
CHANGED: Final = Localized(en="Changed: {target}.", ru="Изменено: {target}.")
DELETED: Final = Localized(en="Deleted: {target}.", ru="Удалено: {target}.")
ALREADY: Final = Localized(en="Already set up: {target}.", ru="Уже так: {target}.")
HOURS_NOW: Final = Localized(en="{Target} now:", ru="{Target} теперь:")
HOURS_CLEARED: Final = Localized(en="Cleared: {target}.", ru="Очищено: {target}.")

WILL_BE_DELETED: Final = Localized(en="Will be deleted permanently:", ru="Будет удалено безвозвратно:")
WILL_BE_CREATED: Final = Localized(en="Will be created:", ru="Будет создано:")
WILL_BE_CHANGED: Final = Localized(en="Will be changed: {target}.", ru="Будет изменено: {target}.")
WILL_BECOME_ENTRY: Final = Localized(en="Will become a waitlist entry:", ru="Станет записью листа ожидания:")
WILL_BECOME_BOOKING: Final = Localized(en="Will become a booking:", ru="Станет бронированием:")
NOT_KEPT: Final = Localized(
    en="Its deals and clients are kept; its name, time, resources and description are lost.",
    ru="Сделки и клиенты сохранятся; название, время, ресурсы и описание будут потеряны.",
)
HOURS_GO: Final = Localized(en="{Target}, to be removed:", ru="{Target}, будет убрано:")
HOURS_COME: Final = Localized(en="{Target}, to be added:", ru="{Target}, будет добавлено:")
HOURS_STAY: Final = Localized(en="Will stay:", ru="Останется:")

_CHANGE: Final = Localized(en="{Name}: {old} → {new}.", ru="{Name}: {old} → {new}.")
_EMPTY: Final = Localized(en="empty", ru="пусто")
_YES: Final = Localized(en="yes", ru="да")
_NO: Final = Localized(en="no", ru="нет")
_TIME: Final = Localized(en="time", ru="время")
_WORDS: Final[Mapping[str, Localized]] = {
    "resources": Localized(en="resources", ru="ресурсы"),
    "type": Localized(en="resource type", ru="тип ресурсов"),
}


def done(writer: Writer, outcome: RecordDone) -> Iterator[Text]:
    """Render what was created, changed or deleted."""
    plan, target = outcome.plan, _target(writer, outcome.target)
    if not outcome.changed:
        yield writer.fill(ALREADY, target=target) + writer.unchanged()
    elif isinstance(plan.before, ResourceScheduleView):
        after = outcome.after.slots if isinstance(outcome.after, ResourceScheduleView) else []
        if after:
            yield writer.fill(HOURS_NOW, Target=_target(writer, outcome.target, plan.before, first=True))
            yield from stretches(writer, after)
        else:
            yield writer.fill(HOURS_CLEARED, target=_target(writer, outcome.target, plan.before))
    elif type(plan.asked).creates:
        yield writer.fill(CREATED, target=_target(writer, outcome.target, outcome.after))
    elif plan.after is None:
        yield writer.fill(DELETED, target=_target(writer, outcome.target, plan.before))
    else:
        yield writer.fill(CHANGED, target=target)
        yield from _changes(writer, plan.before, outcome.after or plan.after)


def waiting(writer: Writer, plan: RecordPlan) -> Iterator[Text]:
    """Render exactly what would be deleted, created or changed."""
    before, after = plan.before, plan.after
    if isinstance(before, ResourceScheduleView) and isinstance(after, ResourceScheduleView):
        yield from _hours(writer, plan.target, before, after)
    elif before is not None and after is None:
        yield Text.of(writer.to(WILL_BE_DELETED))
        yield from registry.record(writer, before)
    elif before is None and after is not None:
        yield Text.of(writer.to(WILL_BE_CREATED))
        yield from registry.record(writer, after)
    elif before is not None and after is not None and type(plan.asked).creates:
        yield from _becoming(writer, before, after)
    else:
        yield writer.fill(WILL_BE_CHANGED, target=_target(writer, plan.target))
        yield from _changes(writer, before, after)


def _becoming(writer: Writer, before: BaseModel, after: BaseModel) -> Iterator[Text]:
    """Render a record that becomes another."""
    if isinstance(before, BookingView):
        yield Text.of(writer.to(WILL_BECOME_ENTRY))
        yield from registry.record(writer, before)
        yield Text.of(writer.to(NOT_KEPT))
    else:
        yield from registry.record(writer, before)
        yield Text.of(writer.to(WILL_BECOME_BOOKING))
        yield from registry.record(writer, after)


def _hours(
    writer: Writer, target: RecordTarget, before: ResourceScheduleView, after: ResourceScheduleView
) -> Iterator[Text]:
    """Render which working hours are removed, added and kept."""
    named = _target(writer, target, before, first=True)
    goes = [hours for hours in before.slots if hours not in after.slots]
    comes = [hours for hours in after.slots if hours not in before.slots]
    stays = [hours for hours in before.slots if hours in after.slots]
    for template, part in ((HOURS_GO, goes), (HOURS_COME, comes)):
        if part:
            yield writer.fill(template, Target=named)
            yield from stretches(writer, part)
    if stays:
        yield Text.of(writer.to(HOURS_STAY))
        yield from stretches(writer, stays)
    elif not comes:
        yield Text.of(writer.to(NOTHING_STAYS))


def _target(writer: Writer, target: RecordTarget, record: BaseModel | None = None, *, first: bool = False) -> Text:
    """Render the record with its name and time, if known; `first` in its line."""
    spoken = writer.to(target.said)
    text = Text.strong(capitalized(spoken) if first else spoken)
    owner = record.resource if isinstance(record, ResourceScheduleView) else record
    quoted = writer.quoted(getattr(owner, "name", None))
    text = text + " " + quoted if quoted.plain else text
    when = writer.period(record.date_from, record.date_to) if isinstance(record, BookingView) else ""
    return text + f" ({when})" if when else text


def _changes(writer: Writer, before: BaseModel | None, after: BaseModel | None) -> Iterator[Text]:
    """Render the changed fields, old and new."""
    was, now = _fields(before), _fields(after)
    told = 0
    for name in now:
        if was.get(name) != now[name] and name != "id" and told < MOST_CHANGES:
            told += 1
            old, new = _value(writer, was.get(name)), _value(writer, now[name])
            spoken = capitalized(writer.to(_TIME if name == "time" else _WORDS.get(name, argument_label(name))))
            yield writer.fill(_CHANGE, Name=spoken, old=old, new=new)


def _fields(record: BaseModel | None) -> dict[str, Any]:
    """Return the fields of a record; a booking's time is one, a resource's settings are many."""
    if record is None:
        return {}
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    if isinstance(record, BookingView):
        for name in ("date_from", "date_to", "timezone"):
            del fields[name]
        fields["time"] = (record.date_from, record.date_to)
    settings = cast("dict[str, Any] | None", fields.pop("settings", None))
    return {**fields, **(settings or {})}


def _value(writer: Writer, value: object) -> Text:
    """Render one value of a field."""
    text = Text.of(str(value))
    match value:
        case None | "" | []:
            text = Text.of(writer.to(_EMPTY))
        case bool():
            text = Text.of(writer.to(_YES if value else _NO))
        case str():
            text = writer.quoted(value)
        case Named():
            text = writer.resource(value)
        case (str(start), str(end)):
            text = Text.of(writer.period(start, end))
        case list():
            text = writer.several([_one(writer, one) for one in cast("Sequence[object]", value)])
        case _:
            pass
    return text


def _one(writer: Writer, value: object) -> Text:
    return writer.ref(value) if isinstance(value, NamedRef) else _value(writer, value)
