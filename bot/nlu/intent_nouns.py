"""The nouns that a choice is made among, and which of what is mentioned is worked on, or owns it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.nlu.entities import NAME, QUOTE, Mention
from bot.nlu.scene import Scene
from tool_specs import TOOLS
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.method import Method

TOOL_OF: Final[Mapping[Intent, type[Method[Any]]]] = {sense: method for method in TOOLS for sense in method.intents}

CRM: Final = frozenset({"deal", "contact", "company", "lead", "quote", "invoice"})
DEALS: Final = frozenset({"deal", "link", "binding"})
CLIENTS: Final = frozenset({"client", "contact", "company", NAME})
ERASING: Final = ("delet", "eras", "удал", "стер", "сотр", "снес")
"""How the verbs begin that would delete a record of the CRM itself."""
CLEARING: Final = ("reset", "сбро", "сбра", "clear", "wipe", "очи", "сним", "снять", "снимать", "drop")
RENAMING: Final = ("rename", "переимен", "назов", "назва", "назыв")
FOR: Final = frozenset({"", "for", "для"})
"""What may lead to whom a booking is made for."""
TEXTS: Final = ("note", "description", "title")
"""What is written down as it is."""
PLAIN: Final = ("resource_type", "hours", "resource")
TABLED: Final = (
    CRM
    | DEALS
    | CLIENTS
    | {
        QUOTE,
        "item",
        *TEXTS,
        *PLAIN,
        "booking",
        "waitlist",
        "activity",
        "client_type",
        "crm_type",
        "change",
        "plan",
        "moment",
    }
)
"""The nouns that the tables below tell apart."""


def declared(acts: Iterable[Act], mentions: Sequence[Mention]) -> Intent | None:
    """Choose the tool of a noun that no table speaks of, as it is declared: a new method brings its words."""
    nouns = {mention.noun for mention in mentions}
    if len(nouns) != 1 or nouns & TABLED:
        return None
    noun = next(iter(nouns))
    many = not any(mention.known for mention in mentions)
    intents = [Intent(act, noun, many=several) for act in acts for several in (many, False)]
    return next((sense for sense in intents if sense in TOOL_OF), None)


def objects(mentions: Sequence[Mention]) -> list[Mention]:
    """Give what is joined, parted or asked about, owners aside."""
    return [one for one in mentions if one.noun in CRM | DEALS | CLIENTS | {"item", QUOTE} or one.refs]


def renames(scene: Scene) -> bool:
    """Tell whether a verb speaks of a name by itself."""
    return any(unit.word.startswith(RENAMING) for unit in scene.orders)
