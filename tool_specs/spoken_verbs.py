"""The verbs of everyday requests, by what is wanted. Dictionary forms: every other form follows by inflection.

English verbs whose forms are irregular name them all: base/third person/past/participle/-ing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.said import Said
from tool_specs.speech import Act

LINKING: Final = Said(
    en="link attach connect tie/ties/tied/tied/tying associate bind/binds/bound/bound/binding hook join couple"
    " affix/affixes/affixed/affixed/affixing pin/pins/pinned/pinned/pinning",
    ru="привязать привязывать прикрепить прикреплять связать связывать присоединить присоединять подключить прицепить"
    " прилинковать подвязать подцепить соединить закрепить прикрутить пристегнуть прикладывать приложить привесить"
    " повесить навесить ассоциировать подсоединить прилепить",
)
"""Verbs of joining that speak of links even where nothing else does."""
ADDING: Final = Said(
    en="add put/puts/put/put/putting stick/sticks/stuck/stuck/sticking include assign appoint append insert"
    " attribute enter",
    ru="добавить добавлять внести вписать закинуть скинуть кинуть поставить вставить включить приписать назначить"
    " подкинуть докинуть накинуть положить занести записать вносить прописать прописывать указать",
)
UNLINKING: Final = Said(
    en="unlink unhook detach disconnect untie/unties/untied/untied/untying dissociate separate sever"
    " unbind/unbinds/unbound/unbound/unbinding unpin/unpins/unpinned/unpinned/unpinning",
    ru="отвязать отвязывать открепить откреплять отсоединить отсоединять отцепить отлинковать отключить отлепить"
    " разорвать",
)
TAKING: Final = Said(
    en="remove kick eject take/takes/took/taken/taking empty/empties/emptied/emptied/emptying"
    " drop/drops/dropped/dropped/dropping exclude pull clear"
    " strip wipe"
    " unassign get-rid-of",
    ru="убрать убирать снять снимать избавиться исключить вычеркнуть вытащить вынуть выкинуть выписать изъять очистить",
)
ERASING: Final = Said(
    en="delete erase",
    ru="удалить удалять стереть снести",
)

VERBS: Final[Mapping[Act, tuple[Said, ...]]] = {
    Act.JOIN: (LINKING, ADDING),
    Act.PART: (UNLINKING, TAKING, ERASING),
    Act.REPLACE: (
        Said(
            en="replace swap/swaps/swapped/swapped/swapping substitute exchange",
            ru="заменить заменять поменять сменить заместить",
        ),
    ),
    Act.MOVE: (
        Said(
            en="move transfer shift relocate reassign rebind relink return send/sends/sent/sent/sending",
            ru="перенести переносить переместить перемещать перебросить перевесить передвинуть подвинуть перепривязать"
            " перекинуть"
            " перевести пересадить переставить переложить вернуть возвратить отправить перецепить",
        ),
        Said(en="put/puts/put/put/putting take/takes/took/taken/taking", ru="поставить убрать убирать"),
    ),
    Act.SHOW: (
        Said(
            en="show/shows/showed/shown/showing list display view see/sees/saw/seen/seeing"
            " get/gets/got/gotten/getting tell/tells/told/told/telling give/gives/gave/given/giving open print check"
            " look fetch/fetches/fetched/fetched/fetching read pull-up bring-up look-up look-at call-up show-me",
            ru="показать показывать посмотреть глянуть вывести дать открыть отобразить перечислить подсказать"
            " смотреть"
            " увидеть узнать проверить видеть взглянуть выдать напомнить рассказать",
        ),
    ),
    Act.FIND: (
        Said(
            en="find/finds/found/found/finding search locate look-up look-for seek/seeks/sought/sought/seeking",
            ru="найти находить поискать искать отыскать разыскать пробить",
        ),
    ),
    Act.DELETE: (
        ERASING,
        Said(
            en="cancel/cancels/cancelled/cancelled/cancelling cancel/cancels/canceled/canceled/canceling"
            " reset/resets/reset/reset/resetting remove clear wipe drop/drops/dropped/dropped/dropping"
            " call-off get-rid-of scrap/scraps/scrapped/scrapped/scrapping",
            ru="вычеркнуть вычеркивать сбросить сбрасывать отменить отменять аннулировать ликвидировать убрать"
            " убирать снять очистить избавиться",
        ),
    ),
    Act.CREATE: (
        Said(
            en="create make/makes/made/made/making book reserve register schedule squeeze-in add"
            " turn convert promote set-up arrange put/puts/put/put/putting",
            ru="создать создавать завести забронировать бронировать оформить сделать зарегистрировать добавить"
            " записать"
            " превратить поставить внести",
        ),
    ),
    Act.CHANGE: (
        Said(
            en="change update edit modify/modifies/modified/modified/modifying rename"
            " set/sets/set/set/setting set-up configure adjust reschedule switch push bump move shift postpone"
            " write/writes/wrote/written/writing rewrite/rewrites/rewrote/rewritten/rewriting",
            ru="написать настроить настраивать менять сменить изменить изменять обновить переименовать назвать"
            " отредактировать поправить исправить поменять задать"
            " установить перенести передвинуть подвинуть сдвинуть переписать переставить",
        ),
    ),
    Act.APPLY: (
        Said(
            en="apply/applies/applied/applied/applying execute confirm approve carry-out run/runs/ran/run/running",
            ru="выполнить выполнять применить применять подтвердить запустить исполнить осуществить одобрить провести",
        ),
    ),
    Act.REJECT: (
        Said(
            en="reject decline discard dismiss abandon",
            ru="отклонить отклонять отвергнуть отказаться",
        ),
    ),
    Act.UNDO: (
        Said(
            en="undo/undoes/undid/undone/undoing revert rollback roll-back take-back cancel",
            ru="отменить откатить вернуть откатывать",
        ),
    ),
}
"""A verb may stand under several acts: what is named beside it decides."""

KEEPING: Final = Said(
    en="keep/keeps/kept/kept/keeping leave/leaves/left/left/leaving",
    ru="оставить оставлять сохранить",
)
"""With "only", they replace; alone they ask for nothing."""
