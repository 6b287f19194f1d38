"""What fills the arguments of one tool from what is mentioned; what is missing, and what is left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.nlu.dates import moments, whole_day
from bot.nlu.entities import NAME, QUOTE, Mention
from bot.nlu.intent_nouns import CLIENTS, CRM, FOR, objects
from bot.nlu.scene import Scene
from bot.nlu.slot_result import CONTACT, Filled, clock, description, distinct, said_of
from bot.nlu.slots_move import Move
from bot.nlu.tokens import Kind, Sort, Unit
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.method import Effect, Method

TAKEN_OFF: Final = frozenset({"с", "со"})
"""Before a lone number they lead away: "сними все сделки с 14"."""
TARGETS: Final = frozenset({"на", "к", "ко", "to", "onto", "into"})
"""Prepositions before what something is moved to."""
LEFT_OUT: Final = frozenset({"cursor", "response_format", "with_links", "with_clients", "timezone"})


@dataclass(slots=True)
class Filler:
    """Fills one tool's arguments; what was used is marked, so that what is left shows."""

    scene: Scene
    sense: Intent
    method: type[Method[Any]]
    tail: str
    done: Filled = field(default_factory=Filled)
    used: list[Mention] = field(default_factory=list)
    when_used: bool = False
    tail_used: bool = False
    move: Move | None = None
    measured: bool = False
    """Whether how long it takes was used."""

    def use(self, mention: Mention) -> Mention:
        """Mark a mention as used."""
        self.used.append(mention)
        return mention

    # --- records that are worked on -------------------------------------------------------------------------------

    def owner(self, noun: str, name: str) -> None:
        """Fill the number of a record: one number, a description, or what is missing."""
        mentions = self.scene.of(noun)
        ids = tuple(dict.fromkeys(number for mention in mentions for number in mention.ids))
        for mention in mentions:
            self.use(mention)
            self.done.left_over = self.done.left_over or mention.every
        if not ids and (bare := self.bare_number()) is not None:
            ids = bare.ids
        if len(ids) == 1:
            self.done.arguments[name] = ids[0]
        elif ids:
            self.done.each = ids
            self.done.missing.append(name)
        elif noun == "booking" and (described := self.description(mentions)):
            self.done.arguments["booking"] = described
            self.done.named = True
        else:
            self.done.missing.append(name)

    def bare_number(self) -> Unit | None:
        """Give a lone number that can only be the record's: "link #14 to deal 1", "привяжи сделку 5 к 14"."""
        bare = self.scene.bare_numbers
        if len(bare) != 1 or len(bare[0].ids) != 1 or self.scene.of("booking", "waitlist", "activity")[1:]:
            return None
        units, at = self.scene.units, self.scene.units.index(bare[0])
        before = units[at - 1] if at else bare[0]
        led = before.has(Sort.TOWARDS, Sort.AWAY) or before.word in TAKEN_OFF
        things = [thing for thing in objects(self.scene.mentions) if not thing.bare or thing.every]
        if not (led or bare[0].marked or (bare[0].ordinal and not bare[0].weak)) or (not things and self.sense.item):
            return None
        away = before.has(Sort.AWAY) or before.word in TAKEN_OFF
        if led and away is not (self.sense.act is Act.PART):
            return None
        bare[0].taken = "id"
        self.done.completed = True
        return bare[0]

    def description(self, mentions: Sequence[Mention]) -> dict[str, Any]:
        """Describe a booking by its day, time, client and resource."""
        when, now = self.scene.when, self.scene.now
        said: dict[str, Any] = {}
        changes = self.sense.act is Act.CHANGE and self.move is None
        when = self.move.old if self.move else when
        if when and not changes and (day := whole_day(when, now)) is not None:
            self.when_used = True
            said["date"] = day.first.isoformat()
            self.done.left_over = self.done.left_over or day.first != day.last
            if when.times:
                times = when.times[0]
                said["time"] = clock(times.start) + (f"-{clock(times.end)}" if times.part and times.end else "")
        if said and not mentions and not self.sense.item and len(people := self.people()) == 1:
            # "Scrap the 10am for Joe Bloggs": the booking is not called one.
            said["client"] = self.use(people[0]).name
        for mention in mentions:
            if mention.client is not None:
                self.use(mention.client)
                said["client"] = description(mention.client)
            if mention.resource is not None and (self.sense.act is not Act.CHANGE or mention.resource.way is Sort.AWAY):
                self.use(mention.resource)
                said["resource"] = mention.resource.name or ", ".join(map(str, mention.resource.ids))
            if mention.name:
                said["client"] = mention.name
        return said

    # --- CRM items ------------------------------------------------------------------------------------------------

    def items(self, name: str, nouns: frozenset[str], default: str) -> None:
        """Fill a list of CRM items."""
        mentions = [one for one in self.scene.mentions if one.noun in nouns and not one.used]
        found: list[dict[str, Any]] = []
        for at, mention in enumerate(mentions):
            self.use(mention)
            found += self.refs(mention, default)
            before = mentions[at - 1] if at else mention
            between = self.scene.units[before.end : mention.at]
            listed = any(unit.has(Sort.AND) or unit.kind is Kind.COMMA for unit in between)
            # "Contact 5 Ann": whether that is one of them or two, nobody can tell.
            mixed = {before.known, mention.known} == {True, False} and bool(before.name or mention.name)
            self.done.left_over |= mixed and not listed
        if self.sense.act is Act.PART and not found and self.everything(mentions):
            self.done.arguments["all"] = True
        elif found:
            self.done.arguments[name] = distinct(found)
            self.done.left_over = self.done.left_over or any(one.every and one.bare is False for one in mentions)
            if any(one.every for one in mentions) and self.sense.act is not Act.REPLACE:
                self.done.left_over = True
        else:
            bare = self.scene.bare_numbers
            owner = any(one.known for one in self.scene.of("booking", "waitlist"))
            if len(bare) == 1 and owner and (self.scene.linking or mentions) and name == "links":
                bare[0].taken = "id"
                self.done.completed = True
                self.done.arguments[name] = [{"type": default, "id": number} for number in bare[0].ids]
            else:
                self.done.missing.append(name)
                self.done.left_over = self.done.left_over or (
                    self.sense.act is not Act.REPLACE and any(one.every for one in mentions)
                )

    def everything(self, mentions: Sequence[Mention]) -> bool:
        """Tell whether all of them are clearly meant."""
        if any(mention.every for mention in mentions):
            return True
        if mentions or not self.scene.linking:
            return False
        return any(unit.has(Sort.ALL) and not unit.taken for unit in self.scene.units)

    def refs(self, mention: Mention, default: str) -> list[dict[str, Any]]:
        """Give the CRM items that a mention names, or describes."""
        kind = mention.noun if mention.noun in CRM else default
        if mention.refs:
            return [{"type": ref.type, "id": ref.id} for ref in mention.refs]
        if mention.ids:
            return [{"type": kind, "id": number} for number in mention.ids]
        if not mention.described:
            return []
        self.done.named = True
        said = {"phone": mention.phone, "email": mention.email, "name": mention.name}
        key = next(key for key, value in said.items() if value)
        return [{"type": kind, key: said[key]}]

    def one_item(self, name: str) -> None:
        """Fill one CRM item."""
        found = self.all_items()
        for mention, _ in found:
            self.use(mention)
        if len(found) == 1 and len(found[0][1]) == 1:
            self.done.arguments[name] = found[0][1][0]
        elif found:
            self.done.left_over = True
        elif self.optional(name):
            return
        else:
            self.done.missing.append(name)

    def all_items(self) -> list[tuple[Mention, list[dict[str, Any]]]]:
        """Give every CRM item that is named, with its mention; nouns alone are used up."""
        found: list[tuple[Mention, list[dict[str, Any]]]] = []
        for mention in objects(self.scene.mentions):
            if mention.used or mention.noun == QUOTE:
                continue
            refs = self.refs(mention, CONTACT if mention.noun in CLIENTS else "deal")
            if refs:
                found.append((mention, refs))
            else:
                self.use(mention)
        return found

    def from_and_to(self) -> None:
        """Fill source and target by the prepositions, else by the order."""
        found = self.all_items()
        for mention, refs in found:
            self.use(mention)
            self.done.left_over = self.done.left_over or len(refs) != 1
        self._told_by_number(found)
        sources = [refs[0] for mention, refs in found if mention.way is Sort.AWAY]
        targets = [refs[0] for mention, refs in found if mention.way is not Sort.AWAY]
        if (len(found) == 2 and len(sources) != 1) or len(sources) > 1 or len(targets) > 1:  # noqa: PLR2004 - from one to the other
            self.done.left_over = True
        for name, refs in (("source", sources), ("target", targets)):
            if refs:
                self.done.arguments[name] = refs[0]
            else:
                self.done.missing.append(name)

    def _told_by_number(self, found: list[tuple[Mention, list[dict[str, Any]]]]) -> None:
        """Take a lone number after "to" for an item of the same kind: "from deal 8 to 12"."""
        bare = self.scene.bare_numbers
        if len(found) != 1 or found[0][0].way is not Sort.AWAY or len(bare) != 1 or len(bare[0].ids) != 1:
            return
        at = self.scene.units.index(bare[0])
        if at and self.scene.units[at - 1].word in TARGETS:
            bare[0].taken, self.done.completed = "id", True
            mention = Mention(found[0][0].noun, at, at + 1, way=Sort.TOWARDS, ids=bare[0].ids)
            found.append((mention, [{"type": found[0][1][0]["type"], "id": bare[0].ids[0]}]))

    # --- the rest -------------------------------------------------------------------------------------------------

    def optional(self, name: str) -> bool:
        """Tell whether a tool can do without an argument."""
        fields = self.method.model_fields
        field_ = fields.get(name) or fields.get(f"{name}_")
        return field_ is None or not field_.is_required()

    def days(self, first: str, last: str) -> None:
        """Fill a period: days for lists, times for bookings that are made or changed."""
        when, now = self.scene.when, self.scene.now
        listing = self.method.effect is Effect.READ
        when = self.move.new if self.move else when
        start, end = moments(when, now)
        if not listing:
            self.when_used = True
            if self.sense == Intent(Act.CHANGE, "booking") and self.scene.extends:
                self._new_end(last)
                return
            # "Сдвинь бронь на час" may be by an hour, or to one o'clock.
            self.done.left_over |= (
                self.scene.when.vague and (not when.days or self.move is not None) and self.sense.act is Act.CHANGE
            )
            if start is not None:
                self.done.arguments[first] = start.isoformat()
            if end is not None and not when.times[0].part:
                self.measured = bool(when.lengths) and when.times[0].end is None
                self.done.arguments[last] = end.isoformat()
            wants = self.sense.act in {Act.CREATE, Act.MOVE} or bool(when)
            keeps_length = self.optional(last) and self.sense.act is not Act.CREATE and start is not None
            if keeps_length and last not in self.done.arguments:
                # A booking that is moved keeps its length, which only the record tells: the card shows the end.
                wants, self.done.completed = False, True
            self.done.missing += [name for name in (first, last) if wants and name not in self.done.arguments]
            return
        day = whole_day(when, now)
        if day is None:
            return
        self.when_used = True
        if start is not None and first == "date_from":
            self.done.arguments |= {first: start.isoformat(), last: (end or start).isoformat()}
        else:
            self.done.arguments |= {first: day.first.isoformat(), last: day.last.isoformat()}

    def _new_end(self, last: str) -> None:
        """Fill the end of a booking that is made longer: a day with a time; a time alone may be of any day."""
        when = self.move.new if self.move else self.scene.when
        one = len(when.days) == len(when.times) == 1 and when.days[0].first == when.days[0].last
        end = moments(when, self.scene.now)[0] if one and when.times[0].end is None else None
        if end is not None:
            self.done.arguments[last] = end.isoformat()
        else:
            self.done.missing.append(last)

    def whose(self) -> None:
        """Fill whose bookings are listed: a client, a deal."""
        for mention in [one for one in self.scene.mentions if one.noun in CRM | CLIENTS]:
            name = "deal" if mention.noun == "deal" else "client"
            refs = self.refs(mention, CONTACT)
            self.use(mention)
            if not refs:
                self.done.left_over = self.done.left_over or mention.noun in {"lead", "quote", "invoice"}
            elif len(refs) > 1 or name in self.done.arguments or mention.noun in {"lead", "quote", "invoice"}:
                self.done.left_over = True
            else:
                self.done.arguments[name] = refs[0]
        for mention in self.scene.of("booking", "resource"):
            if mention.noun == "booking":
                self.use(mention)
                self.done.left_over = self.done.left_over or mention.known or mention.resource is not None

    def searched(self) -> None:
        """Fill what to look for: a name, a phone, an email address, or the words that are left."""
        nouns = [one for one in self.scene.mentions if one.noun in CRM | CLIENTS | {"item", QUOTE}]
        kind = next((one.noun for one in nouns if one.noun in CRM), "")
        person = any(one.noun in {"client", NAME} for one in nouns)
        kind = kind or (CONTACT if person else "")
        if kind:
            # What was said is kept, even where it is so by default: deals.
            self.done.arguments["type"] = kind
        said = [(key, value) for one in nouns for key, value in said_of(one)]
        for one in nouns:
            self.use(one)
        if not said and (words := self.leftover_words()):
            said = [("text", words)]
        if len(said) == 1:
            self.done.arguments[said[0][0]] = said[0][1]
        elif said:
            self.done.left_over = True
        else:
            self.done.missing.append("text")

    def leftover_words(self) -> str:
        """Give the words that mean nothing to us, as they were written: those to look for."""
        words = [unit for unit in self.scene.units if unit.kind is Kind.WORD and unit.plain and not unit.taken]
        for unit in words:
            unit.used = True
        return " ".join(unit.text for unit in words)

    def text(self, name: str) -> None:
        """Fill a free text: what stands after a colon, or in quotation marks."""
        quotes = [one for one in self.scene.mentions if one.noun == QUOTE and one.name and not one.used]
        owned = [one for one in self.scene.of("resource") if one.name]
        if self.tail:
            self.tail_used = True
            self.done.arguments[name] = self.tail
        elif len(quotes) == 1:
            self.done.arguments[name] = self.use(quotes[0]).name
        elif name == "name" and self.sense == Intent(Act.CREATE, "booking") and len(people := self.people()) == 1:
            # A booking is made without its clients: who it is for is in its name until they are added.
            self.done.arguments[name] = self.use(people[0]).name
            self.done.completed = True
        elif name == "name" and self.sense.about == "booking" and len(called := self.called()) == 1:
            self.done.arguments[name] = self.use(called[0]).name
        elif name == "name" and owned:
            self.done.arguments[name] = self.use(owned[0]).name
        elif not self.optional(name):
            self.done.missing.append(name)

    def called(self) -> list[Mention]:
        """Give the booking that is made and called something: "a booking named “Haircut”"."""
        made = self.sense.act is Act.CREATE
        return [one for one in self.scene.of("booking") if made and one.name and not one.known]

    def people(self) -> list[Mention]:
        """Give the people that are named and stand for nothing else."""
        return [one for one in self.scene.mentions if one.noun in CLIENTS and one.name and one.preposition in FOR]

    def left(self) -> bool:
        """Tell whether something that was said found no place."""
        for mention in self.scene.mentions:
            if mention.used or any(mention is one for one in self.used):
                continue
            if not mention.bare or mention.every:
                return True
        when = self.scene.when
        several = self.move is None and (len(when.days) > 1 or len(when.times) > 1)
        several = several or len(when.lengths) > 1
        several = several or bool(when.lengths and not self.measured)
        return several or bool(when and not self.when_used) or bool(self.tail and not self.tail_used)
