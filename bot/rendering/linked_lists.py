"""Rendering of link lists: what a booking, a waitlist entry or an activity has, got, lost, or would lose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.rendering.markup import Text, bounded, filled, joined
from bot.rendering.phrases import (
    ALREADY_THERE,
    MOVED,
    MOVED_ALREADY,
    NOTHING_STAYS,
    PHRASES,
    WILL_GET,
    WILL_GO,
    WILL_JOIN,
    WILL_LOSE,
    WILL_STAY,
    Phrases,
    linked,
    of_target,
    to_item,
    to_target,
)
from bot.rendering.writer import MOST_IN_ROW, Writer, capitalized
from linkdesk.model.outcome import Done, Listing, Plan, PlanDetails, Target
from tool_specs.declaration.arguments import SetListMethod
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.methods.activity_binding import MoveActivityBinding


@dataclass(frozen=True, slots=True)
class LinkListWriter:
    """Sentences about lists of CRM items in one language."""

    writer: Writer

    def to(self, text: Localized) -> str:
        """Return the text in the writer's language."""
        return self.writer.to(text)

    def items(self, refs: Sequence[CrmRef], about: PlanDetails = PlanDetails()) -> Text:  # noqa: B008 - it is frozen
        """Render items, separated by commas."""
        return joined(self.item(ref, about) for ref in refs)

    def item(self, ref: CrmRef, about: PlanDetails) -> Text:
        """Render one item."""
        quoted = self.writer.quoted(about.names.get(ref))
        return joined([part for part in (Text.of(self.to(ref.said)), quoted) if part.plain], " ")

    def besides(self, about: PlanDetails) -> str:
        """Render time and clients of the booking in brackets, if known."""
        clients = [about.names.get(ref) or self.to(ref.said) for ref in about.clients[:MOST_IN_ROW]]
        clients += ["…"] if len(about.clients) > MOST_IN_ROW else []
        parts = [*([self.to(about.when)] if about.when else []), *(bounded(client) for client in clients)]
        return f" ({', '.join(parts)})" if parts else ""

    def line(self, template: Localized, target: Target, refs: Sequence[CrmRef], about: PlanDetails) -> Text:
        """Fill a phrase about a target and its items."""
        when = self.besides(about)
        spoken = self.to(target.said)
        items = self.items(refs, about)
        parts: dict[str, Text | str] = {
            "target": Text.strong(spoken) + when,
            "Target": Text.strong(capitalized(spoken)),
            "when": when,
            "of": Text.strong(self.to(of_target(target))),
            "to": Text.strong(self.to(to_target(target))),
            "items": items,
            "Items": Text(capitalized(items.plain), capitalized(items.html)),
            "linked": linked(tuple(refs)) if refs else "",
            "is": "is" if len(refs) == 1 else "are",
        }
        return filled(self.to(template), **parts)

    def listing(self, listing: Listing) -> Iterator[Text]:
        """Render the list, a row each."""
        phrases = PHRASES[listing.kind]
        heading = phrases.all_of if listing.items else phrases.empty
        yield self.line(heading, listing.target, (), listing.about)
        for ref in listing.items:
            yield Text.of("• ") + self.item(ref, listing.about)

    def done(self, done: Done) -> Iterator[Text]:
        """Render a change, and the list after it."""
        plan = done.plan
        yield from self.change(plan)
        yield self.now(plan, done.after)

    def change(self, plan: Plan) -> Iterator[Text]:
        """Render what was added, removed, and already there."""
        phrases, about = PHRASES[plan.kind], plan.about
        if isinstance(plan.asked, MoveActivityBinding):
            yield self.moved(MOVED, plan, plan.asked)
            return
        if plan.added:
            yield self.line(phrases.added, plan.target, plan.added, about)
        if plan.removed:
            yield self.line(phrases.removed, plan.target, plan.removed, about)
        there = [ref for ref in plan.named if ref in plan.before]
        if isinstance(plan.asked, SetListMethod) and there:
            yield filled(self.to(ALREADY_THERE), items=self.items(there))

    def moved(self, template: Localized, plan: Plan, asked: MoveActivityBinding) -> Text:
        """Render a moved binding."""
        spoken = self.to(plan.target.said)
        return filled(
            self.to(template),
            target=Text.strong(spoken),
            Target=Text.strong(capitalized(spoken)),
            source=self.item(asked.source, plan.about),
            goal=self.item(asked.target, plan.about),
            to_source=self.to(to_item(asked.source)),
            to_goal=self.to(to_item(asked.target)),
        )

    def now(self, plan: Plan, after: Sequence[CrmRef]) -> Text:
        """Render the list after a change."""
        phrases: Phrases = PHRASES[plan.kind]
        if not after:
            return Text.of(self.to(phrases.none_now))
        only_deals = plan.kind == "links" and all(ref.type == "deal" for ref in after)
        items = Text.of(", ".join(str(ref.id) for ref in after)) if only_deals else self.items(after)
        return filled(self.to(phrases.now), items=items)

    def already(self, done: Done) -> Iterator[Text]:
        """Render that nothing had to be changed, which is no error."""
        plan = done.plan
        phrases = PHRASES[plan.kind]
        if isinstance(plan.asked, MoveActivityBinding):
            line = self.moved(MOVED_ALREADY, plan, plan.asked)
        elif not plan.named:
            line = self.line(phrases.empty, plan.target, (), plan.about)
        else:
            there = all(ref in plan.before for ref in plan.named)
            line = self.line(phrases.already if there else phrases.not_there, plan.target, plan.named, PlanDetails())
        yield line + self.writer.unchanged()

    def change_to_come(self, plan: Plan) -> Iterator[Text]:
        """Render a change that many records get."""
        if plan.removed:
            yield filled(self.to(WILL_LOSE), items=self.items(plan.removed, plan.about))
        if plan.added:
            yield filled(self.to(WILL_JOIN), items=self.items(plan.added, plan.about))

    def difference(self, plan: Plan) -> Iterator[Text]:
        """Render exactly what would be removed, added and kept."""
        phrase, refs = (WILL_GO, plan.removed) if plan.removed else (WILL_GET, plan.added)
        yield self.line(phrase, plan.target, refs, plan.about)
        if plan.removed and plan.added:
            yield filled(self.to(WILL_JOIN), items=self.items(plan.added, plan.about))
        if stays := [ref for ref in plan.after if ref in plan.before]:
            yield filled(self.to(WILL_STAY), items=self.items(stays, plan.about))
        elif not plan.added:
            yield Text.of(self.to(NOTHING_STAYS))
