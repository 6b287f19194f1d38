"""Every setting declares its texts beside its type, so that docs, `.env.example` and messages cannot forget it."""

import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Annotated

import pytest
from pydantic.fields import FieldInfo

from linkdesk.config.setting import Setting, SettingsGroup, variable
from linkdesk.config.settings import GROUPS, Settings, declaration_of, load_settings
from tests.support.paths import ROOT
from tool_specs.declaration.localized import LANGUAGES, Localized

FIELDS = list(Settings.model_fields)
WHAT_TO_DO = "Settings without their texts; write Setting(what=..., form=..., example=...) into the annotation"


def problems(fields: Mapping[str, FieldInfo]) -> list[str]:
    """Name every field that lacks a text, and which."""
    found: list[str] = []
    for name, field in fields.items():
        setting = next((declared for declared in field.metadata if isinstance(declared, Setting)), None)
        if setting is None:
            found.append(f"{name}: no Setting")
            continue
        for language in LANGUAGES:
            if not re.fullmatch(r"\S.*\.", setting.what.to(language)):
                found.append(f"{name}: `what` in {language} is no sentence")
            if not re.fullmatch(r"\S.*[^.]", setting.form.to(language)):
                found.append(f"{name}: `form` in {language} does not finish the sentence 'it should be ...'")
    return found


def test_every_setting_declares_what_it_is_for_and_what_its_value_looks_like() -> None:
    assert problems(Settings.model_fields) == [], f"{WHAT_TO_DO} in linkdesk/config/fields/."


def test_a_setting_without_its_texts_is_noticed() -> None:
    class Forgetful(SettingsGroup):
        bare: int = 1
        half: Annotated[
            int,
            Setting(what=Localized(en="How many.", ru=""), form=Localized(en="a number", ru="число"), example="1"),
        ] = 1

    assert problems(Forgetful.model_fields) == ["bare: no Setting", "half: `what` in ru is no sentence"]


def test_every_setting_belongs_to_a_group_of_the_docs() -> None:
    grouped = [name for group in GROUPS for name in group.model_fields]
    assert sorted(grouped) == sorted(FIELDS), "Declare the field in linkdesk/config/fields/, not in Settings itself."


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_of_a_setting_is_accepted(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(variable(name), declaration_of(name).example)
    load_settings()


def test_env_example_and_the_settings_page_are_those_of_the_declarations() -> None:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_env_example_names_every_setting_once() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"^#?(LINKDESK_\w+)=", text, re.MULTILINE) == [
        variable(name) for group in GROUPS for name in group.model_fields
    ]
