"""Texts in English and Russian; a missing translation is a type error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "ru"]
LANGUAGES: tuple[Language, ...] = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Localized:
    """A text in English and Russian, with `{placeholders}` that `format_map` fills."""

    en: str
    ru: str

    def to(self, language: Language) -> str:
        """Return the text in one language."""
        return self.ru if language == "ru" else self.en

    def format_map(self, facts: Mapping[str, Localized | str | int]) -> Localized:
        """Fill the placeholders; a `Localized` value is inserted in the respective language.

        Raises:
            KeyError: a placeholder has no value.
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
        """Return the names of all placeholders in either language."""
        texts = (self.en, self.ru)
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


def _render(fact: Localized | str | int, language: Language) -> str:
    return fact.to(language) if isinstance(fact, Localized) else str(fact)


def same_in_both(text: str | int) -> Localized:
    """Build a text that is the same in both languages, such as a name or a number."""
    return Localized(en=str(text), ru=str(text))


def join_with_commas(parts: list[Localized]) -> Localized:
    """Join texts with commas."""
    return Localized(en=", ".join(part.en for part in parts), ru=", ".join(part.ru for part in parts))
