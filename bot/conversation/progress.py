"""Progress reports of long operations."""

from __future__ import annotations

from typing import Final

from bot.conversation.session import ReportProgress
from linkdesk.execution.context import Progress
from linkdesk.plans.runner import MAX_INTERACTIVE_PARTS
from tool_specs.declaration.localized import Language, Localized

PROGRESS: Final = Localized(
    en="Working: {done} of {whole}. To stop: /stop", ru="Выполняю: {done} из {whole}. Остановить: /stop"
)


def progress_reporter(tell: ReportProgress | None, language: Language, whole: int) -> Progress:
    """Return a progress callback; short operations report nothing until they are done."""

    async def progress(done: int, of: int | None, _words: str) -> None:
        if tell is not None and whole > MAX_INTERACTIVE_PARTS and of is not None and 0 < done < of:
            await tell(PROGRESS.format_map({"done": done, "whole": of}).to(language))

    return progress
