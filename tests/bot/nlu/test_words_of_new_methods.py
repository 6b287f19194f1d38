"""A method that is declared with its words is asked for in them; the reader knows nothing of it beforehand."""

from __future__ import annotations

import json
import subprocess
import sys

DECLARED = """
import json
from datetime import datetime
import tool_specs
from bot.nlu.lexicon_data import nouns as spoken_nouns
from tool_specs.declaration.arguments import Id
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.intents import Act, Intent

class ListReminders(Method[bool]):
    rest, page, scope, effect, toolset = "booking.v1.reminder.list", "x", "booking", Effect.READ, Toolset.BOOKINGS
    title = Localized(en="List reminders", ru="Показать напоминания")
    intents = (Intent(Act.SHOW, "reminder", many=True),)

class DeleteReminder(Method[bool]):
    rest, page, scope, toolset = "booking.v1.reminder.delete", "x", "booking", Toolset.BOOKINGS
    effect = Effect.DESTRUCTIVE
    title = Localized(en="Delete a reminder", ru="Удалить напоминание")
    intents = (Intent(Act.DELETE, "reminder"),)
    reminder_id: Id

tool_specs.TOOLS = (*tool_specs.TOOLS, ListReminders, DeleteReminder)
reminder = Localized(en="reminder", ru="напоминание")
spoken_nouns.NOUNS = (*spoken_nouns.NOUNS, spoken_nouns.Noun("reminder", reminder, reminder))

from bot.nlu.parser import read
for text in json.load(open(0)):
    said = read(text, datetime(2026, 11, 20, 12), "Europe/Moscow")
    tool = None if said.tool is None else said.tool.name()
    print(json.dumps([tool, said.arguments, list(said.missing)]))
"""
DELETES = "delete_reminder"
ASKED = {
    "show the reminders": ["list_reminders", {}, []],
    "which reminders do we have?": ["list_reminders", {}, []],
    "покажи напоминания": ["list_reminders", {}, []],
    "напоминания": ["list_reminders", {}, []],
    "delete reminder 5": [DELETES, {"reminder_id": 5}, []],
    "удали напоминание №5": [DELETES, {"reminder_id": 5}, []],
    "удали напомниание 5": [DELETES, {"reminder_id": 5}, []],
    "delete the reminder": [DELETES, {}, ["reminder_id"]],
    "don't delete reminder 5": [None, {}, []],
    "delete reminder 5 from booking 14": [None, {}, []],
    "link deal 8 to reminder 5": [None, {}, []],
}


def test_a_method_that_is_declared_with_its_words_is_asked_for_in_them() -> None:
    run = subprocess.run(
        [sys.executable, "-c", DECLARED], input=json.dumps([*ASKED]), capture_output=True, text=True, check=True
    )
    assert dict(zip(ASKED, map(json.loads, run.stdout.splitlines()), strict=True)) == ASKED
