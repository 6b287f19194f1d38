import pytest
from pydantic import BaseModel, Field

from linkdesk.model.json_schema import plain


class Address(BaseModel):
    title: str = Field(description="A property may be called title.")
    city: str | None = None


class Person(BaseModel):
    nickname: str | None = Field(default=None, description="What friends say.", max_length=9)
    home: Address
    others: list[Address] = Field(default_factory=list[Address])


def test_a_schema_loses_titles_references_and_unions_with_null() -> None:
    address = {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "A property may be called title."},
            "city": {"type": "string"},
        },
        "required": ["title"],
    }
    assert plain(Person.model_json_schema()) == {
        "type": "object",
        "properties": {
            "home": address,
            "nickname": {"type": "string", "maxLength": 9, "description": "What friends say."},
            "others": {"type": "array", "items": address},
        },
        "required": ["home"],
    }


def test_what_must_be_given_comes_first() -> None:
    assert list(plain(Person.model_json_schema())["properties"]) == ["home", "nickname", "others"]


def test_a_default_that_is_not_null_stays() -> None:
    schema = {"type": "object", "properties": {"all": {"type": "boolean", "default": False, "title": "All"}}}
    assert plain(schema) == {"type": "object", "properties": {"all": {"type": "boolean", "default": False}}}


def test_a_real_union_stays_as_it_is() -> None:
    union = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}
    assert plain({"properties": {"x": union}}) == {"properties": {"x": union}}


def test_what_stands_beside_a_reference_wins() -> None:
    schema = {
        "$defs": {"Day": {"type": "string", "description": "Any day."}},
        "properties": {"start": {"$ref": "#/$defs/Day", "description": "The first day."}},
    }
    assert plain(schema) == {"properties": {"start": {"type": "string", "description": "The first day."}}}


def test_the_description_of_the_whole_is_left_to_the_tool() -> None:
    assert plain({"type": "object", "description": "What the tool does."}) == {"type": "object"}


def test_the_schema_given_is_not_changed() -> None:
    given = Person.model_json_schema()
    before = repr(given)
    plain(given)
    assert repr(given) == before


def test_a_type_that_refers_to_itself_is_refused() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    with pytest.raises(ValueError, match="Node refers to itself"):
        plain({"$defs": {"Node": node}, "properties": {"first": {"$ref": "#/$defs/Node"}}})
