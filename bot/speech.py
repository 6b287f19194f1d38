"""What came of a request, in words: facts first, at most three short lines beside the rows of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot import grammar
from bot.grammar import PHRASES, Phrases
from bot.wording import Text, bounded, filled, joined
from linkdesk.errors import Trouble
from linkdesk.outcome import (
    About,
    AnyPlan,
    Done,
    Found,
    Listing,
    Outcome,
    Plan,
    RecordDone,
    RecordPlan,
    Target,
    Waiting,
)
from linkdesk.rendering import for_chat
from tool_specs.activity_binding import MoveActivityBinding
from tool_specs.arguments import SetsList
from tool_specs.crm_ref import CrmRef
from tool_specs.said import Language, Said

NEW_LINE: Final = "\n"


def said(outcome: Outcome, language: Language) -> Text:
    """Say what came of a request."""
    speech = _Speech(language)
    match outcome:
        case Listing():
            lines = speech.listing(outcome)
        case Done(changed=True):
            lines = speech.done(outcome)
        case Done():
            lines = speech.already(outcome)
        case Waiting(plan=plan):
            lines = speech.waiting(plan)
        case Found():
            lines = speech.found(outcome)
        case RecordDone():
            lines = speech.record(outcome)
    return joined(lines, NEW_LINE)


def said_trouble(trouble: Trouble, language: Language, *, write: bool) -> Text:
    """Say an error."""
    return Text.of(for_chat(trouble, language, write=write))


def question(language: Language) -> Text:
    """Ask for a yes or a no."""
    return Text.strong(grammar.DO_IT.to(language))


class _Speech:
    """One language's sentences."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def to(self, text: Said) -> str:
        return text.to(self.language)

    def items(self, refs: Sequence[CrmRef], about: About = About()) -> Text:  # noqa: B008 - it is frozen
        return joined(self.item(ref, about) for ref in refs)

    def item(self, ref: CrmRef, about: About) -> Text:
        name = bounded(about.names.get(ref, ""))
        quotes = " “{name}”" if self.language == "en" else " «{name}»"
        return Text.of(self.to(ref.said)) + (filled(quotes, name=name) if name else "")

    def line(self, template: Said, target: Target, refs: Sequence[CrmRef], about: About) -> Text:
        """Fill a phrase about a target and its items."""
        when = f" ({self.to(about.when)})" if about.when else ""
        spoken = self.to(target.said)
        items = self.items(refs, about)
        parts: dict[str, Text | str] = {
            "target": Text.strong(spoken) + when,
            "Target": Text.strong(_capital(spoken)),
            "when": when,
            "of": Text.strong(self.to(grammar.of_target(target))),
            "to": Text.strong(self.to(grammar.to_target(target))),
            "items": items,
            "Items": Text(_capital(items.plain), _capital(items.html)),
            "linked": grammar.linked(tuple(refs)) if refs else "",
            "is": "is" if len(refs) == 1 else "are",
        }
        return filled(self.to(template), **parts)

    def remarks(self, also: Sequence[Said]) -> Iterator[Text]:
        for remark in dict.fromkeys(also):
            yield Text.of(self.to(remark))

    def listing(self, listing: Listing) -> Iterator[Text]:
        phrases = PHRASES[listing.kind]
        heading = phrases.all_of if listing.items else phrases.empty
        yield self.line(heading, listing.target, (), listing.about)
        for ref in listing.items:
            yield Text.of("• ") + self.item(ref, listing.about)

    def done(self, done: Done) -> Iterator[Text]:
        plan = done.plan
        yield from self.change(plan)
        yield self.now(plan, done.after)
        yield from self.remarks(done.also)

    def change(self, plan: Plan) -> Iterator[Text]:
        phrases, about = PHRASES[plan.kind], plan.about
        if isinstance(plan.asked, MoveActivityBinding):
            yield self.moved(grammar.MOVED, plan, plan.asked)
            return
        if plan.added:
            yield self.line(phrases.added, plan.target, plan.added, about)
        if plan.removed:
            yield self.line(phrases.removed, plan.target, plan.removed, about)
        there = [ref for ref in plan.named if ref in plan.before]
        if isinstance(plan.asked, SetsList) and there:
            yield filled(self.to(grammar.ALREADY_THERE), items=self.items(there))

    def moved(self, template: Said, plan: Plan, asked: MoveActivityBinding) -> Text:
        spoken = self.to(plan.target.said)
        return filled(
            self.to(template),
            target=Text.strong(spoken),
            Target=Text.strong(_capital(spoken)),
            source=self.item(asked.source, plan.about),
            goal=self.item(asked.target, plan.about),
        )

    def now(self, plan: Plan, after: Sequence[CrmRef]) -> Text:
        phrases: Phrases = PHRASES[plan.kind]
        if not after:
            return Text.of(self.to(phrases.none_now))
        only_deals = plan.kind == "links" and all(ref.type == "deal" for ref in after)
        items = Text.of(", ".join(str(ref.id) for ref in after)) if only_deals else self.items(after)
        return filled(self.to(phrases.now), items=items)

    def already(self, done: Done) -> Iterator[Text]:
        """Say that nothing had to be done: it is no error."""
        plan = done.plan
        phrases = PHRASES[plan.kind]
        if isinstance(plan.asked, MoveActivityBinding):
            line = self.moved(grammar.MOVED_ALREADY, plan, plan.asked)
        elif not plan.named:
            line = self.line(phrases.empty, plan.target, (), plan.about)
        else:
            there = all(ref in plan.before for ref in plan.named)
            line = self.line(phrases.already if there else phrases.not_there, plan.target, plan.named, About())
        yield line + f" {self.to(grammar.NOTHING_CHANGED)}"
        yield from self.remarks(done.also)

    def waiting(self, plan: AnyPlan) -> Iterator[Text]:
        """Show exactly what would go, join and stay."""
        if isinstance(plan, RecordPlan):
            yield filled("{title}: {target}.", title=self.to(plan.asked.title), target=self.to(plan.target.said))
        else:
            yield from self.difference(plan)
        yield from self.remarks(plan.also)

    def difference(self, plan: Plan) -> Iterator[Text]:
        phrase, refs = (grammar.WILL_GO, plan.removed) if plan.removed else (grammar.WILL_GET, plan.added)
        yield self.line(phrase, plan.target, refs, plan.about)
        if plan.removed and plan.added:
            yield filled(self.to(grammar.WILL_JOIN), items=self.items(plan.added, plan.about))
        if stays := [ref for ref in plan.after if ref in plan.before]:
            yield filled(self.to(grammar.WILL_STAY), items=self.items(stays, plan.about))
        elif not plan.added:
            yield Text.of(self.to(grammar.NOTHING_STAYS))

    def found(self, found: Found) -> Iterator[Text]:
        yield Text.strong(f"{self.to(found.asked.title)}:")
        for name, value in found.shown.model_dump(mode="json", exclude_none=True).items():
            yield filled("• {name}: {value}", name=name, value=bounded(str(value)))

    def record(self, done: RecordDone) -> Iterator[Text]:
        title, target = self.to(done.plan.asked.title), self.to(done.target.said)
        nothing = "" if done.changed else f" {self.to(grammar.NOTHING_CHANGED)}"
        yield filled("{title}: {target}.{nothing}", title=title, target=target, nothing=nothing)
        yield from self.remarks(done.also)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
