"""A text that exists in both languages, or does not type-check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Localized:
    """One text in English and Russian; `{names}` in it are filled in by `having`."""

    en: str
    ru: str

    def to(self, language: Language) -> str:
        """Give the text in one language."""
        return self.ru if language == "ru" else self.en

    def format_map(self, facts: Mapping[str, Localized | str | int]) -> Localized:
        """Fill the placeholders; a fact that is itself `Localized` is filled in its own language.

        Raises:
            KeyError: a placeholder has no fact.
        """
        return Localized(
            en=self.en.format_map({name: _render(fact, "en") for name, fact in facts.items()}),
            ru=self.ru.format_map({name: _render(fact, "ru") for name, fact in facts.items()}),
        )

    def as_json(self) -> dict[str, str]:
        """Return the texts as they are stored."""
        return {"en": self.en, "ru": self.ru}

    @classmethod
    def from_json(cls, texts: Mapping[str, str]) -> Localized:
        """Build the text from what `as_json` returned.

        Raises:
            KeyError: a language is missing.
        """
        return cls(en=texts["en"], ru=texts["ru"])

    def placeholders(self) -> frozenset[str]:
        """Name every placeholder of either language."""
        texts = (self.en, self.ru)
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


def _render(fact: Localized | str | int, language: Language) -> str:
    return fact.to(language) if isinstance(fact, Localized) else str(fact)


def same_in_both(text: str | int) -> Localized:
    """Say a name or a number, which is the same in both languages."""
    return Localized(en=str(text), ru=str(text))


def join_with_commas(parts: list[Localized]) -> Localized:
    """Say several things one after another, with commas."""
    return Localized(en=", ".join(part.en for part in parts), ru=", ".join(part.ru for part in parts))
