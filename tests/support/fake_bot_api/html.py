"""Telegram's HTML: parses markup into visible text and entities, with Telegram's error messages.

See https://core.telegram.org/bots/api#html-style. Stricter in one respect: a bare "&" is refused. Telegram accepts
it unless a known entity name follows, which hides a missing escape until somebody is called "A&lt".
"""

import html
import re
from dataclasses import dataclass, field

from tests.support.fake_bot_api.refusal import Json, bad_request

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}

_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s+([^\s=>/\"']+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9.\-]+(?=[\s>])))?")
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9A-Fa-f]+);")
_PLAIN = re.compile(r"[^<&]+")
_LINK = re.compile(r"(?:https?://[^\s/?#]+\.[^\s/?#]+|tg://\S|mailto:\S|tel:\S)", re.IGNORECASE)
_MENTION = re.compile(r"tg://user\?id=(\d+)")


def utf16(text: str) -> int:
    """Length as Telegram counts offsets: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Tag:
    name: str
    attributes: dict[str, str]
    offset: int
    begin: int
    language: str = ""


@dataclass
class _Parser:
    source: str
    at: int = 0
    visible: str = ""
    open: list[_Tag] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source.startswith("<", self.at):
                self._start_tag()
            elif self.source.startswith("&", self.at):
                self._character()
            elif plain := _PLAIN.match(self.source, self.at):
                self.visible += plain[0]
                self.at = plain.end()
        if self.open:
            raise _complaint(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return self.visible, sorted(self.entities, key=lambda entity: (entity["offset"], -entity["length"]))

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _character(self) -> None:
        found = _CHARACTER.match(self.source, self.at)
        if found is None:
            raise _complaint(f'Unescaped "&" at byte offset {self._byte(self.at)}')
        self.visible += html.unescape(found[0])
        self.at = found.end()

    def _word(self, at: int) -> str:
        found = _NAME.match(self.source, at)
        word = found[0] if found else ""
        if at + len(word) == len(self.source):
            kind = "end" if self.source[at - 1] == "/" else "start"
            raise _complaint(f"Unclosed {kind} tag at byte offset {self._byte(self.at)}")
        return word.lower()

    def _start_tag(self) -> None:
        begin = self._byte(self.at)
        name = self._word(self.at + 1)
        if name not in TAGS:
            raise _complaint(f'Unsupported start tag "{name}" at byte offset {begin}')
        at = self.at + 1 + len(name)
        attributes = {}
        while found := _ATTRIBUTE.match(self.source, at):
            attributes[found[1].lower()] = html.unescape((found[2] or "").strip("\"'"))
            at = found.end()
        while self.source[at : at + 1].isspace():
            at += 1
        if at >= len(self.source):
            raise _complaint(f"Unclosed start tag at byte offset {begin}")
        if self.source[at] != ">":
            raise _complaint(f'Empty attribute name in the tag "{name}" at byte offset {begin}')
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _complaint(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Tag(name, attributes, utf16(self.visible), len(self.visible)))
        self.at = at + 1

    def _end_tag(self) -> None:
        begin = self._byte(self.at)
        if not self.open:
            raise _complaint(f"Unexpected end tag at byte offset {begin}")
        name = self._word(self.at + 2)
        at = self.at + 2 + len(name)
        while self.source[at : at + 1].isspace():
            at += 1
        if not self.source.startswith(">", at):
            raise _complaint(f"Unclosed end tag at byte offset {begin}")
        tag = self.open.pop()
        if name and name != tag.name:
            raise _complaint(
                f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", found "</{name}>"',
            )
        self._close(tag)
        self.at = at + 1

    def _close(self, tag: _Tag) -> None:
        length = utf16(self.visible) - tag.offset
        meaning = self._meaning(tag)
        if length and meaning:
            self.entities.append({"offset": tag.offset, "length": length, **meaning})

    def _meaning(self, tag: _Tag) -> Json:
        kind = TAGS[tag.name]
        if tag.name == "a":
            return _link(tag.attributes.get("href") or self.visible[tag.begin :])
        if tag.name == "code" and tag.attributes.get("class", "").startswith("language-"):
            around = self.open[-1] if self.open else None
            if around and around.name == "pre" and around.offset == tag.offset:
                around.language = tag.attributes["class"].removeprefix("language-")
                return {}
        if tag.name == "pre" and tag.language:
            return {"type": kind, "language": tag.language}
        if tag.name == "blockquote" and "expandable" in tag.attributes:
            return {"type": "expandable_blockquote"}
        if tag.name == "tg-emoji":
            return {"type": kind, "custom_emoji_id": tag.attributes.get("emoji-id", "")}
        return {"type": kind}


def _link(address: str) -> Json:
    """A mention, a link, or None: Telegram silently drops invalid URLs."""
    if person := _MENTION.fullmatch(address):
        return {"type": "text_mention", "user": {"id": int(person[1]), "is_bot": False, "first_name": "?"}}
    return {"type": "text_link", "url": address} if _LINK.match(address) else {}


def _complaint(about: str) -> Exception:
    return bad_request(f"can't parse entities: {about}")


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the visible text and entities of `source`, or refuse it with Telegram's message."""
    return _Parser(source).parse()
