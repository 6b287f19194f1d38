"""Errors about pending plans and their confirmation."""

from __future__ import annotations

from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

NO_SUCH_PLAN: Final = Failure(
    code="no_such_plan",
    what=Localized(en="There is no such plan.", ru="Такого плана нет."),
    why=Localized(
        en="Its id may be mistyped, or it was finished more than a week ago.",
        ru="Возможно, в номере опечатка или план завершён больше недели назад.",
    ),
    next=Localized(en="Send the request again.", ru="Отправьте запрос ещё раз."),
)
NO_PLAN_WAITS: Final = Failure(
    code="no_plan_waits",
    what=Localized(en="No plan is waiting for a decision.", ru="Ни один план не ждёт решения."),
    next=Localized(en="See what was done: /history", ru="Что сделано, покажет /история"),
    call="Look at list_changes for what was done.",
)
NOT_YOUR_PLAN: Final = Failure(
    code="not_your_plan",
    what=Localized(
        en="Only the person who was asked can answer this.",
        ru="Ответить может только тот, кому задан вопрос.",
    ),
    next=Localized(
        en="Ask them to answer, or make the request yourself.",
        ru="Попросите этого сотрудника ответить или отправьте запрос сами.",
    ),
    call="Leave this plan to the person it belongs to.",
)
ASKED_ELSEWHERE: Final = Failure(
    code="asked_elsewhere",
    what=Localized(en="The question is waiting {where}.", ru="Вопрос ждёт ответа {where}."),
    next=Localized(
        en="Answer it there, or send the request here again.",
        ru="Ответьте там или отправьте запрос здесь ещё раз.",
    ),
)
"""Needs `where`."""
EXPIRED: Final = Failure(
    code="plan_expired",
    what=Localized(en="The question has expired.", ru="Вопрос устарел."),
    next=Localized(en="Send the request again.", ru="Отправьте запрос ещё раз."),
    call="Make the call again if the person still wants it.",
)
SETTLED: Final = Failure(
    code="plan_settled",
    what=Localized(en="This question has already been answered.", ru="Этот вопрос уже решён."),
    next=Localized(
        en="See what was done with /history, or send the request again.",
        ru="Что сделано, покажет /история. Или отправьте запрос ещё раз.",
    ),
    call="Read the result with get_plan.",
)
RUNNING: Final = Failure(
    code="plan_running",
    what=Localized(en="This is already being carried out.", ru="Это уже выполняется."),
    next=Localized(en="Wait until it finishes.", ru="Дождитесь окончания."),
    call="Check the progress with get_plan.",
)
NOT_APPROVED: Final = Failure(
    code="not_approved",
    what=Localized(en="Nobody has confirmed this plan yet.", ru="Этот план ещё никто не подтвердил."),
    next=Localized(
        en="Answer the question in the Linkdesk chat or the Telegram bot.",
        ru="Ответьте на вопрос в чате Linkdesk или в боте Telegram.",
    ),
    call="Tell the person that the plan is waiting for their answer, and check again later with get_plan.",
    who=Who.YOU,
)
DECLINED: Final = Failure(
    code="declined",
    what=Localized(en="The person declined.", ru="Человек отказался."),
    next=Localized(en="Leave it as it is.", ru="Оставьте как есть."),
    call="Leave it as it is; do not ask again unless the person brings it up.",
)
NOT_ANSWERED: Final = Failure(
    code="not_answered",
    what=Localized(en="The question was closed without an answer.", ru="Вопрос закрыт без ответа."),
    next=Localized(
        en="Send the request again to be asked again.", ru="Чтобы вернуться к вопросу, отправьте запрос снова."
    ),
    call="Ask the person whether they still want it before calling again.",
)
NOT_KEPT: Final = Failure(
    code="plan_not_kept",
    what=Localized(
        en="Questions cannot be stored, so nothing that needs an answer was started. {reason}",
        ru="Вопросы не удаётся сохранять, поэтому запросы, требующие ответа, не выполняются. {reason}",
    ),
    next=Localized(
        en="Ask the administrator to check the database.",
        ru="Попросите администратора проверить базу данных.",
    ),
    who=Who.ADMIN,
)
"""Needs `reason`."""
PLANS: Final = (
    NO_SUCH_PLAN,
    NO_PLAN_WAITS,
    NOT_YOUR_PLAN,
    ASKED_ELSEWHERE,
    EXPIRED,
    SETTLED,
    RUNNING,
    NOT_APPROVED,
    DECLINED,
    NOT_ANSWERED,
    NOT_KEPT,
)
"""Every entry above, for the tests and for documentation."""
