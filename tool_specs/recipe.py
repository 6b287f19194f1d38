"""A recipe: a tool that is more than one call and stands for no single REST method.

Declared in the same form as a method (arguments, effect, title, words); a coroutine at the desk does it.
"""

from __future__ import annotations

from typing import ClassVar

from tool_specs.method import Effect, Method, Toolset
from tool_specs.said import Said


class Recipe(Method[None]):
    """A request that no single method of the vendor's answers; it has no wire form of its own."""

    rest: ClassVar[str] = ""
    page: ClassVar[str] = ""
    scope: ClassVar[str] = ""


class Whoami(Recipe):
    """Tell whose rights Linkdesk acts with on the portal, and which permissions it was given."""

    effect = Effect.READ
    toolset = Toolset.CRM
    title = Said(en="Who am I", ru="Кто я")
    slash = Said(en="whoami", ru="ктоя")
