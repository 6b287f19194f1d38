"""The verbs of everyday requests, by what is wanted. Dictionary forms: every other form follows by inflection.

English verbs whose forms are irregular name them all: base/third person/past/participle/-ing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.intents import Act
from tool_specs.declaration.localized import Localized

LINKING: Final = Localized(
    en="link attach connect tie/ties/tied/tied/tying associate bind/binds/bound/bound/binding hook join couple"
    " affix/affixes/affixed/affixed/affixing pin/pins/pinned/pinned/pinning tag/tags/tagged/tagged/tagging"
    " map/maps/mapped/mapped/mapping fasten clip/clips/clipped/clipped/clipping glue/glues/glued/glued/gluing"
    " staple pair hitch tether anchor relate correlate interlink hyperlink hook-up link-up tie-in",
    ru="привязать привязывать прикрепить прикреплять связать связывать присоединить присоединять подключить прицепить"
    " прилинковать подвязать подцепить соединить закрепить прикрутить пристегнуть прикладывать приложить привесить"
    " повесить навесить ассоциировать подсоединить прилепить подключать прицеплять подвязывать подцеплять соединять"
    " закреплять пристегивать привешивать навешивать прилеплять приклеить приклеивать сцепить подколоть прикалывать"
    " приколоть подшить пришить подвесить законнектить приконнектить залинковать слинковать линковать сопоставить"
    " состыковать пристыковать притянуть присобачить присовокупить скрепить приторочить приаттачить"
    " увязать коннектить подшивать пришпилить приткнуть",
)
"""Verbs of joining that speak of links even where nothing else does."""
ADDING: Final = Localized(
    en="add put/puts/put/put/putting stick/sticks/stuck/stuck/sticking include assign appoint append insert"
    " attribute enter slap/slaps/slapped/slapped/slapping bung stuff tack hang/hangs/hung/hung/hanging"
    " tuck plonk squeeze place mount embed allocate allot stash bundle"
    " fix/fixes/fixed/fixed/fixing",
    ru="добавить добавлять внести вписать закинуть скинуть кинуть поставить вставить включить приписать назначить"
    " подкинуть докинуть накинуть положить занести записать вносить прописать прописывать указать воткнуть втыкать"
    " засунуть запихнуть запихать впихнуть всунуть вкинуть вставлять влепить залепить впендюрить добросить"
    " подставить подложить внедрить зафигачить пихнуть сунуть прибавить приплюсовать"
    " поместить вложить закидывать подкидывать докидывать включать приписывать вписывать",
)
UNLINKING: Final = Localized(
    en="unlink unhook detach disconnect untie/unties/untied/untied/untying dissociate disassociate separate sever"
    " unbind/unbinds/unbound/unbound/unbinding unpin/unpins/unpinned/unpinned/unpinning"
    " untag/untags/untagged/untagged/untagging delink decouple uncouple unmap/unmaps/unmapped/unmapped/unmapping"
    " unfasten unclip/unclips/unclipped/unclipped/unclipping unstick/unsticks/unstuck/unstuck/unsticking"
    " unglue unattach unpair unjoin disjoin untether uncatch split/splits/split/split/splitting",
    ru="отвязать отвязывать открепить откреплять отсоединить отсоединять отцепить отлинковать отключить отлепить"
    " разорвать отцеплять отключать отлеплять разрывать отстегнуть отстегивать отклеить отклеивать расцепить"
    " разъединить отколоть отшпилить отстыковать расстыковать отделить развязать отрубить отвинтить открутить"
    " разлинковать анлинкнуть порвать рассоединить",
)
TAKING: Final = Localized(
    en="remove kick eject take/takes/took/taken/taking empty/empties/emptied/emptied/emptying"
    " drop/drops/dropped/dropped/dropping exclude pull clear"
    " strip/strips/stripped/stripped/stripping wipe peel yank pluck oust expel/expels/expelled/expelled/expelling"
    " withdraw/withdraws/withdrew/withdrawn/withdrawing extract boot evict"
    " knock-off pop-off peel-off throw-out kick-out chuck-out cut-off knock-out pull-off strike-off rip-off"
    " unassign get-rid-of should-lose must-lose needs-to-lose has-to-lose",
    ru="убрать убирать снять снимать избавиться исключить вычеркнуть вытащить вынуть выкинуть выписать изъять"
    " очистить"
    " выдернуть выдергивать исключать вычеркивать вытаскивать вынимать выкидывать изымать выбросить вышвырнуть"
    " отсечь вырезать выпилить вырвать извлечь устранить выгнать высадить отодрать оторвать отрезать содрать"
    " сдернуть вытянуть",
)
"""Some of them have two words, that are joined by a hyphen here."""
EITHER_WAY: Final = Localized(
    en="pop/pops/popped/popped/popping chuck throw/throws/threw/thrown/throwing toss/tosses/tossed/tossed/tossing"
    " shove sling/slings/slung/slung/slinging knock slide/slides/slid/slid/sliding",
    ru="",
)
"""Verbs of any motion: the preposition alone tells what goes on from what comes off."""
ERASING: Final = Localized(
    en="delete erase",
    ru="удалить удалять стереть снести",
)

VERBS: Final[Mapping[Act, tuple[Localized, ...]]] = {
    Act.JOIN: (LINKING, ADDING, EITHER_WAY),
    Act.PART: (UNLINKING, TAKING, ERASING, EITHER_WAY),
    Act.REPLACE: (
        Localized(
            en="replace swap/swaps/swapped/swapped/swapping substitute exchange",
            ru="заменить заменять поменять сменить заместить",
        ),
    ),
    Act.MOVE: (
        Localized(
            en="move transfer shift relocate reassign rebind relink return send/sends/sent/sent/sending",
            ru="перенести переносить переместить перемещать перебросить перевесить передвинуть подвинуть"
            " перепривязать"
            " перекинуть"
            " перевести пересадить переставить переложить вернуть возвратить отправить перецепить",
        ),
        Localized(
            en="put/puts/put/put/putting take/takes/took/taken/taking stick/sticks/stuck/stuck/sticking"
            " pop/pops/popped/popped/popping chuck slap/slaps/slapped/slapped/slapping bung",
            ru="поставить убрать убирать закинуть",
        ),
    ),
    Act.SHOW: (
        Localized(
            en="show/shows/showed/shown/showing list display view see/sees/saw/seen/seeing"
            " get/gets/got/gotten/getting tell/tells/told/told/telling give/gives/gave/given/giving open print check"
            " look fetch/fetches/fetched/fetched/fetching read pull-up bring-up look-up look-at call-up show-me share"
            " give-me send-me send-us send-over share-with-me pull-me",
            ru="показать показывать посмотреть глянуть вывести дать открыть отобразить перечислить подсказать"
            " смотреть"
            " увидеть узнать проверить видеть взглянуть выдать напомнить рассказать сообщить уточнить прислать",
        ),
    ),
    Act.FIND: (
        Localized(
            en="find/finds/found/found/finding search locate look-up look-for seek/seeks/sought/sought/seeking",
            ru="найти находить поискать искать отыскать разыскать пробить",
        ),
    ),
    Act.DELETE: (
        ERASING,
        Localized(
            en="cancel/cancels/cancelled/cancelled/cancelling cancel/cancels/canceled/canceled/canceling"
            " reset/resets/reset/reset/resetting remove clear wipe drop/drops/dropped/dropped/dropping"
            " call-off get-rid-of scrap/scraps/scrapped/scrapped/scrapping",
            ru="вычеркнуть вычеркивать сбросить сбрасывать отменить отменять аннулировать ликвидировать убрать"
            " убирать снять очистить избавиться",
        ),
    ),
    Act.CREATE: (
        Localized(
            en="create make/makes/made/made/making book reserve register schedule squeeze-in add block block-out"
            " turn convert promote set-up arrange put/puts/put/put/putting",
            ru="создать создавать завести забронировать бронировать занять оформить сделать зарегистрировать добавить"
            " записать"
            " превратить поставить внести",
        ),
    ),
    Act.CHANGE: (
        Localized(
            en="change update edit modify/modifies/modified/modified/modifying rename"
            " set/sets/set/set/setting set-up configure adjust reschedule prepone extend prolong lengthen switch"
            " push bump move shift postpone"
            " write/writes/wrote/written/writing rewrite/rewrites/rewrote/rewritten/rewriting",
            ru="написать настроить настраивать менять сменить изменить изменять обновить переименовать назвать"
            " отредактировать поправить исправить поменять задать"
            " продлить продлевать установить перенести передвинуть подвинуть сдвинуть переписать переставить",
        ),
    ),
    Act.APPLY: (
        Localized(
            en="apply/applies/applied/applied/applying execute confirm approve carry-out run/runs/ran/run/running",
            ru="выполнить выполнять применить применять подтвердить запустить исполнить осуществить одобрить провести",
        ),
    ),
    Act.REJECT: (
        Localized(
            en="reject decline discard dismiss abandon",
            ru="отклонить отклонять отвергнуть отказаться",
        ),
    ),
    Act.UNDO: (
        Localized(
            en="undo/undoes/undid/undone/undoing revert rollback roll-back take-back cancel",
            ru="отменить откатить вернуть откатывать",
        ),
    ),
}
"""A verb may stand under several acts: what is named beside it decides."""

EXTENDING: Final = Localized(en="extend prolong lengthen", ru="продлить продлевать")
"""They ask for a new end."""
KEEPING: Final = Localized(
    en="keep/keeps/kept/kept/keeping leave/leaves/left/left/leaving",
    ru="оставить оставлять сохранить",
)
"""With "only", they replace; alone they ask for nothing."""

NOMINAL: Final[Mapping[Act, Localized]] = {
    Act.DELETE: Localized(en="cancellation deletion removal", ru="отмена удаление аннулирование снятие"),
    Act.PART: Localized(en="removal detachment", ru="отвязка открепление удаление снятие"),
    Act.JOIN: Localized(en="addition attachment", ru="добавление прикрепление присоединение"),
    Act.CHANGE: Localized(en="rescheduling renaming", ru="перенос переименование"),
    Act.MOVE: Localized(en="transfer", ru="перенос перемещение перевод"),
    Act.REPLACE: Localized(en="replacement", ru="замена"),
    Act.CREATE: Localized(en="creation", ru="создание"),
}
"""What is done, as a noun: where no verb orders, it stands for one: "отмена брони 8"."""
