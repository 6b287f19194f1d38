"""CRM items by what people call them, or by whose phone or email it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import staff as people_errors
from linkdesk.lookup.descriptions import ItemDescription
from linkdesk.lookup.normalize import masculine_form, name_words, to_other_script
from linkdesk.lookup.queries import Candidate, LookupReader, candidate_label, run_together
from linkdesk.lookup.scoring import RankedCandidates, rank_candidates, scorer_for
from linkdesk.model.record_label import MAX_NAME_LENGTH, RecordLabel
from linkdesk.model.views import CrmItemsView, CrmItemView, NamedRef
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.methods.crm_item import FindCrmItems

MAX_FOUND: Final = 20
"""Items that one search gives."""
MAX_YO_VARIANTS: Final = 2
"""Letters "е" of a name that are also looked for as "ё": a portal may tell the two apart."""
MAX_WORDS: Final = 3
NO_ITEMS: Final = CrmItemsView(items=[])
_BEGINNING: Final = 3
_SHORTEST: Final = 3


async def find_items(reader: LookupReader, said: ItemDescription, kinds: Sequence[str]) -> RankedCandidates[Candidate]:
    """Find the described items: by exact name first, and by similar names only if there is none.

    Args:
        reader: who looks.
        said: what was said.
        kinds: the types to look among; the first is the one that was said.

    Raises:
        Trouble: it cannot be looked up.
    """
    if said.key != "name":
        rows, more = await _searched(reader, [(kind, {said.key: said.text}) for kind in kinds])
        return _unless_more(RankedCandidates(exact=tuple(_choice(row) for row in rows)), more=more)
    rows, more = await _searched(
        reader, [(kind, {"text": one}) for kind in kinds for one in spelling_variants(said.text)]
    )
    found = _sifted(said.text, rows)
    if found.exact:
        return _unless_more(found, more=more)
    wide, _ = await _searched(
        reader, [(kind, {"text": one}) for kind in kinds for one in similar_parts(said.text, kind)]
    )
    return _sifted(said.text, [*rows, *wide])


def _unless_more(found: RankedCandidates[Candidate], *, more: bool) -> RankedCandidates[Candidate]:
    """Downgrade the only exact match to a close one if more items exist than were read."""
    return RankedCandidates(close=found.exact) if more and len(found.exact) == 1 else found


def spelling_variants(name: str) -> list[str]:
    """Return spellings to search for: with and without "ё", and the masculine surname, part of the feminine one."""
    lower = name.casefold()
    with_yo = [
        f"{name[:at]}ё{name[at + 1 :]}" for at, letter in enumerate(lower) if letter == "е" and len(lower) == len(name)
    ]
    words = name_words(name)
    surname = [masculine_form(words[0])] if len(words) == 1 and masculine_form(words[0]) != words[0] else []
    return list(dict.fromkeys([name, name.replace("ё", "е").replace("Ё", "Е"), *with_yo[:MAX_YO_VARIANTS], *surname]))


def similar_parts(name: str, kind: str) -> list[str]:
    """Return parts of a name for finding similar ones: stems, prefixes and transliterations."""
    words = sorted((word for word in name_words(name) if len(word) >= _SHORTEST), key=len, reverse=True)[:MAX_WORDS]
    both = [*words, *(to_other_script(word) for word in words)]
    stems = [word[: max(_SHORTEST, len(word) - 2)] for word in both]
    beginnings = [word[:_BEGINNING] for word in both]
    together_ = [" ".join(stems[: len(words)]), " ".join(stems[len(words) :])] if kind == "contact" else []
    return list(dict.fromkeys(part for part in [*together_, *stems, *beginnings] if len(part) >= _SHORTEST))


def _sifted(said: str, rows: Sequence[CrmItemView]) -> RankedCandidates[Candidate]:
    once = {(row.type, row.id): row for row in rows}.values()
    return rank_candidates([(scorer_for(row.type)(said, row.name or ""), _choice(row)) for row in once])


async def _searched(
    reader: LookupReader, searches: Sequence[tuple[str, dict[str, Any]]]
) -> tuple[list[CrmItemView], bool]:
    """Run all searches at once; also return whether any has more results.

    Types beside the first are left out where the person may not see them.
    """
    first = searches[0][0] if searches else ""

    async def one(kind: str, what: dict[str, Any]) -> CrmItemsView:
        try:
            method = FindCrmItems.model_validate({"type": kind, "limit": MAX_FOUND, **what})
        except ValidationError:
            return NO_ITEMS  # nobody has a name or a number like this
        try:
            return await reader.read(method, CrmItemsView)
        except Trouble as trouble:
            if kind != first and trouble.failure.code == people_errors.NOT_ALLOWED.code:
                return NO_ITEMS
            raise

    answers = await run_together([one(kind, what) for kind, what in searches])
    return [row for answer in answers for row in answer.items], any(answer.more for answer in answers)


def _choice(row: CrmItemView) -> Candidate:
    ref = CrmRef(type=row.type, id=row.id)
    return Candidate(
        candidate_label(
            RecordLabel(type=row.type, id=row.id, name=row.name or ""), *map(_name, (row.contact, row.company))
        ),
        ref,
    )


def _name(ref: NamedRef | None) -> str:
    return "" if ref is None else one_line(ref.name or "", MAX_NAME_LENGTH)
