"""The small words of everyday requests: what directs, forbids, doubts, asks, or says nothing. As they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.localized import Localized

TOWARDS: Final = Localized(en="to onto into", ru="к ко")
AWAY: Final = Localized(en="from off out", ru="от ото из изо")
EITHER: Final = Localized(
    en="of for on in at under with within by about inside between against through thru among",
    ru="в во на у для с со по за о об под при до про между насчёт среди",
)
"""Prepositions that fit both ways; "с" and "в" are told by the case that follows."""

ALL: Final = Localized(
    en="all, every, everything, each, all of, any and all, the whole list of",
    ru="все, всё, всех, всю, весь, всем, всеми, каждую, каждый, абсолютно все, все до единой",
)
ONLY: Final = Localized(
    en="only, just only, solely, nothing but, exclusively", ru="только, тока, токо, лишь, исключительно, одну только"
)
INSTEAD: Final = Localized(
    en="instead of all others, instead of all the others, instead of everything else, instead of the rest,"
    " in place of all others, instead of all",
    ru="вместо всех, вместо всех остальных, вместо остальных, вместо всего остального, взамен всех, вместо всего",
)
"""What says that the rest goes."""

NOT: Final = Localized(
    en="not, never, don't, dont, do not, doesn't, didn't, isn't, won't, can't, cannot, shouldn't, wouldn't, no need,"
    " without, stop, avoid, nor, neither, except, but not, instead, instead of, rather than, unless, no longer",
    ru="не, ни, нельзя, незачем, никогда, нет, кроме, без, вместо, рано, хватит, прекрати, отставить",
)
UNSURE: Final = Localized(
    en="if, when, whenever, once, after, before, until, should, shall, must, needed, had to, may, might, maybe,"
    " perhaps, how, why, did,"
    " do, does, is, are, was, were, has, have, had, am, been, being, be, i, he, she, they, we, would, will, can,"
    " could,"
    " what if, in case, suppose, supposing, probably, possibly, whether, or, either, ought, cancelled, already,"
    " i think, than, because, since, so that, as",
    ru="если, когда, пока, после, стоит, стоило, ли, может, можно ли, надо ли, нужно ли, как, зачем, почему, вдруг,"
    " кажется, или, либо, чтобы, раз, бы, возможно, наверное, вероятно, правда, уже, ведь, он, она, они, мы, я, вы,"
    " буду, будет, будем, потом, хотел, хотела, думаю, должен, должна, должны, будто, якобы, зря, случайно, что"
    " будет,"
    " так как, потому, разве, неужели, собираюсь, планирую, прежде",
)
"""What makes of an order a condition, a doubt, or a question about doing it; a question about what is may have"
" them."""
SAYING: Final = Localized(
    en="said says say told tells ask asks asked wrote writes thinks thought claims claimed according reported"
    " mentioned"
    " wants wanted suggested suggests recommended",
    ru="сказал сказала сказали говорит говорят говорил говорила написал написала пишет просил просила просит просят"
    " попросил попросила попросили спросил спросила спрашивает думает считает утверждает велел велела предложил"
    " предложила советует посоветовал сообщил сообщила хочет хотят якобы",
)
"""Somebody else's words are not an order."""

POLITE: Final = Localized(
    en="please, pls, plz, kindly, can you, could you, would you, will you,"
    " can u, could u, would u, u, can you please, could you please, i"
    " want to,"
    " i want you to, i need to, i need you to, i would like to, i would like you to, i'd like to, i'd like you to,"
    " i'd like, we need to, need to, want to, let's, lets, let us, would you mind, do you mind, could you maybe, can"
    " you maybe, could you possibly, can you possibly,"
    " could you perhaps, maybe you could, can u, could u, would u, will u, can u pls, can u please, could u please,"
    " u can, would it be possible to, i would love to, i need u to, ty, tnx, tysm, cheers mate,"
    " girls, guys, folks, team, ladies, everybody, hiya, heya, howdy, hi there, hello there, hey there, good day,"
    " hi all, hi everyone, hello everyone, hi team, thanks a lot, thanks a bunch, many thanks, much appreciated,"
    " thank you so much, thanks in advance, big thanks, go ahead and, i have to, we"
    " have to,"
    " you can, time to, be so kind as to, be so kind and, if you please, can we, could we, why don't you, can't you,"
    " couldn't you, i am asking you to, do me a favor and, do me a favour and, help me, help me to, quickly, thanks,"
    " thank you, thx, cheers, hey, hi, hello, ok, okay, well, so, now, right now, just, bot, dear bot, linkdesk,"
    " asap,"
    " then, also, too, um, uh, er, like, basically, you know, i mean, alright, right, listen, look here, for me,"
    " me, us,"
    " good morning, good afternoon, good evening, immediately, simply, again, once more, once again, urgently,"
    " how are you, how is it going, to me, let me, let me see, lemme, gimme, would be nice to, if possible, when"
    " you can, when you get a chance,"
    " if you could, if you would, yeah, yes, yep, yup, hmm, hm, uhm, ah, oh, sure, great, alright then, okay so,"
    " so yeah, real quick, would you be so kind as to, i wanna, we gotta, i gotta, i need, i want, we need,"
    " we want, i would like, we would like, we'd like, we'd like to, we would like to, could we, needs to be, need"
    " to be,"
    " has to be, have to be, must be,"
    " while you're at it, i would appreciate it if you could, i'd appreciate it if you could, gonna need you to,"
    " next, do the needful, and do the needful, kindly do the needful, and kindly do the needful, please do the"
    " needful,"
    " and confirm the same, and kindly confirm the same, and please confirm the same, confirm the same, at the"
    " earliest, at your earliest, at your earliest convenience, on priority, request you to, i request you to, we"
    " request you to, requesting you to, request you to please, request you to kindly, i request you to kindly, you"
    " are requested to, let me know, kindly let me know, please let me know, ta, ta very much, sir, madam,"
    " ma'am, dear"
    " sir, dear team, mate, would you kindly, if you don't mind, be a dear and,"
    " pretty"
    " please, when you have a moment, when you have a sec, much obliged, cheers for that, there's a good chap, oi,"
    " right then, rightio, righto, thanking you, warm regards, regards, good evening sir, hello sir, hi sir, namaste",
    ru="пожалуйста, слуш, плизик, ща, щас, щаз, плис, плиз-плиз, пжлста, пожалста, пожалуста, пасибки, будьте"
    " так добры, если нетрудно, сорри, братан, дружище, уважаемый, уважаемая, прошу прощения, с уважением,"
    " убедительно"
    " прошу, чувак, бро, ваще, кароч, короч, скажи, скажите, скажи-ка, плиз, плз, спс, спасибки, спасибочки,"
    " пасиб, пасибо, благодарствую,"
    " большое спасибо,"
    " спасибо большое, спасибо огромное, девочки, девчонки, девушки, девчата, ребята, ребят, ребятки, мальчики,"
    " коллеги, друзья, народ, дорогие, дорогая, милая, солнышко, приветик, приветики, всем привет, хай, здрасте,"
    " здрасьте, доброго дня, доброго утра, доброго вечера, добрый, доброго времени суток, всем доброе утро,"
    " не мог бы, не могла бы, не могли бы, могла бы ты, мог бы, могла бы, могли бы, вы не могли бы, ты не могла бы,"
    " ты не мог бы, вы не могли бы пожалуйста, нельзя ли, может быть ты, плизз, пжлста, пжл, пж, пжлст, будь добр,"
    " будь добра, будьте добры, будьте любезны, будь другом,"
    " можешь,"
    " можете, сможете, сможешь, сможешь ли,"
    " можешь ли, не мог бы ты, не могла бы ты, не могли бы вы, не могли бы, мог бы ты, могли бы вы, ты"
    " можешь,"
    " вы можете, прошу, прошу тебя, прошу вас, надо, нужно, необходимо, требуется, хочу, хотел бы, хотела бы,"
    " хотелось бы, мне нужно, мне надо, нам надо, нам нужно, мне необходимо, давай, давайте, ну, ка, короче, значит,"
    " так, вот, это самое, слушай, слушайте, смотри, типа, в общем, вообще, эй, привет, здравствуй, здравствуйте,"
    " добрый день, доброе утро, добрый вечер, бот, ботик, быстро, быстренько, срочно, теперь, сейчас, прямо сейчас,"
    " сразу, спасибо, благодарю, заранее спасибо, мне, нам, просто, ладно, окей, ок, да, тогда, там, ещё раз, снова,"
    " опять, можно, а, же, пусть, если можно, если не сложно, если не трудно, по возможности, как можно скорее, ещё,"
    " а ещё, тоже, также, и, будем, давай-ка, скорее, как дела, как ты, как жизнь, эээ, ээ, э, мм, эм, ну короче,"
    " ага, угу, алло, ах, ох, э-э, э-э-э, м-м, хм, да-да, ну вот, ну да, так вот, ну что, ой, будь так добр,"
    " будь так добра, не затруднит, если не затруднит, когда будет минутка, давай так, хорошо, отлично, требуется бы,"
    " нужно будет, надо будет, нам необходимо, мне требуется, хочется, я хочу, я прошу, мы хотим, мы просим,"
    " блин, плиииз, будь ласка, нужно бы,"
    " надо бы, не сочти за труд, помоги, помогите, сделай милость, для меня, все-таки, всё-таки, обязательно,"
    " конечно,"
    " не могли бы вы пожалуйста, есть возможность, вас, тебя, именно, прямо",
)
SILENT: Final = Localized(
    en="a an the this that these those number id no nr its his her their our my your own it them there existing"
    " current"
    " given following some any which's ids numbers numbered one record entity crm bitrix bitrix24 back over up"
    " him phone telephone email mail tel cell e-mail named called whose word words keyword card profile page new"
    " forward address cards having mobile"
    " lasting ahead along down",
    ru="номер номера номером номеру номере эту этой этот этого этому этим эти этих этими этом эта это ту той того"
    " тому"
    " те тех её его их её мою мой моей моего наш наша нашу нашей нашего твою свою своей своего id ид айди под за"
    " номерами которая который текущую текущей данной данную данную самой самому туда сюда ту-же нему ней нею"
    " ним них crm црм срм битрикс битрикс24 битриксе телефон телефона телефону телефоном тел слову словам слово"
    " словом почта почте почтой почты карточка карточку карточки электронная электронную электронной электронным"
    " электронный электронному электронного адрес адреса адресом адресу"
    " карточке новый новая новую новое новые новой нового длительностью продолжительностью",
)
"""Words that say nothing beside a noun, a number or a verb."""
POINTING: Final = Localized(
    en="it this that her his their them its him these those",
    ru="её его их эту это этот этой этого ту тот той туда нему ней него них этому этим",
)
"""Of those, the ones that point at what was spoken of before."""
ASKING: Final = Localized(
    en="what, which, who, whose, whom, where, when, how many, how much, is there, are there, what's, who's, whats,"
    " whos, any, do we have, have we got, info, details, does, do, is, are, has, have, list of, overview of, details"
    " of, info on,"
    " information about, card of, card for, profile of, status of, what about, how about, information on, details"
    " for, details about, how does, how do, was, were",
    ru="че, чо, что за, че за, чо за, че по, че там, че с, че у нас, какой, какая, какое, какие, каких, какую,"
    " какого, каким, какими, каком, какому, какова, каковы, что, чем,"
    " чего,"
    " чему, кто, кого, кому, чей, чья, чьё, чьи, где, когда, сколько, есть ли, ли, список, перечень, карточка, как"
    " там, что там, что с, что по, что насчёт, инфа, информация,"
    " информацию, сведения, данные, подробности, детали, на что, к чему, куда, с чем, есть, имеется, имеются, кем,"
    " ком",
)
"""Words that ask what is."""
FOR_ASKING: Final = Localized(
    en="there, on, booked, linked, attached, connected, have, has, bound, got, belong, belongs, coming, assigned,"
    " tied,"
    " related, does, do, is, are, with, in, we, i, scheduled, planned, can, may, could, you, today's, available,"
    " status,"
    " happening, recorded, added, registered, listed, all, how, be, will, was, were, going, been, am, here,"
    " connected,"
    " currently, anyone, anybody, anything, long, everyone, details, any, full, about, he, she, they, exist,"
    " associated, waiting, made, recently, lately, so, far,"
    " done, happened, changed, would",
    ru="привязан, привязана, привязано, привязаны, связан, связана, связаны, прикреплены, прикреплена, прикреплён,"
    " прикреплено, закреплены, закреплена, числится, числятся, висит, висят, стоит, стоят, есть, нас, меня, вас, у"
    " нас,"
    " у меня, у вас, записан, записана, записаны, записано, будет, будут, приходит, придёт, придут, запланировано,"
    " запланированы, находится, находятся, сейчас, вообще, имеющиеся, относятся, относится, назначены, назначена,"
    " содержит, содержатся, я, мы, входит, входят, сегодняшние, доступны, доступные, работает, привязанные,"
    " привязанных, связанные, прикреплённые, добавлен, добавлена, добавлены, ли, где, которые, которых, имеются,"
    " заняты, занято, забронирован, забронирована, забронировано, записался, записалась, записались, ждёт, ждут, как,"
    " стоящие, готов, готова, готово, такой, такая, такое, такие, человек, людей, бывают, бывает, кто-нибудь,"
    " что-нибудь,"
    " является, являются, числится, числятся, значится, значатся, назначено, полный, полная, было, были, был,"
    " сделано, делали, последнее, последние, недавние, существуют",
)
"""Words that a question about what is has in it, and that say nothing more."""

MINE: Final = Localized(
    en="my, mine, i made, by me, my own, did i, have i", ru="мои, моё, моя, мной, мною, я сделал, я делал"
)
LAST: Final = Localized(
    en="last latest recent previous newest",
    ru="последний последняя последнее последние последнюю последних последнего прошлое прошлую"
    " прошлый предыдущее предыдущую предыдущий",
)
NUMBER_SIGN: Final = Localized(
    en="number no nos nr id num", ru="номер номером номера номеру id ид айди номерами номерам"
)
NAMED: Final = Localized(
    en="named called titled saying labelled labeled",
    ru="названием именем фамилией называется названа зовут фамилии имени названию",
)
BACK: Final = Localized(en="back", ru="обратно назад")

LONE: Final[Mapping[str, Localized]] = {
    "whoami": Localized(
        en="who am i, whoami, what are my rights, my rights, what can i do, what can i do here, what rights do i"
        " have, my permissions,"
        " what are my permissions, which account am i using, which account is this, what user am i, which user is"
        " this, what user is this, which user am"
        " i, which user am i working as,"
        " what's my role, what is my role, what am i allowed to do, what access do i have, what's my name,"
        " what is my name, whose rights do you use, who am i in the system, who am i to you, what is my access,"
        " what's my access level, am i logged in, am i an admin, who is logged in, who's logged in, my role, my"
        " access,"
        " my account, show my account, show my role, show my rights, show my permissions, tell me who i am, my"
        " profile,"
        " which account do you use, what account are you using, whose account are you using, what account am i on,"
        " what account am i logged in with, under what user am i working, do you know who i am,"
        " which permissions do i have, what permissions do i have, who am i here, who am i acting as, which"
        " account am i on, what account am i in,"
        " who am i logged in as, under whose account are you working, whose account is this, who are you acting as",
        ru="кто я, ктоя, под каким пользователем я работаю, под каким именем я работаю, под кем я вошла, под кем я"
        " вошел,"
        " под каким аккаунтом ты работаешь, под каким аккаунтом я работаю, под каким аккаунтом я, под кем я"
        " авторизован,"
        " под кем я авторизована, кто я в системе, какая у меня роль, что я могу делать, что я могу, что я тут могу,"
        " что я здесь могу, что мне"
        " разрешено,"
        " какой у меня доступ, как меня зовут, моя роль, под кем я работаю, под кем я зашла, под кем я зашел,"
        " от чьего имени я работаю, чей это аккаунт, какой это пользователь, под каким логином я, под каким логином я"
        " работаю, кто я по правам, кто я для тебя, какие права есть у меня, какие мои права, покажи мои права,"
        " мой аккаунт, мой профиль, мои доступы, мои полномочия, какие у меня полномочия, какой у меня уровень"
        " доступа,"
        " под какой учеткой я работаю, под какой учетной записью я работаю, под какой учеткой я, скажи кто я,"
        " какие у меня права, мои права, что мне можно, под кем я, под кем ты работаешь, кто я такой,"
        " кто я такая, какие права у меня, какие у меня доступы, чьи это права, от чьего имени ты работаешь,"
        " под каким пользователем я, под кем мы работаем, мой доступ, кто я здесь, кто я тут, под какой учетной"
        " записью, под какой учетной записью я,"
        " под какой учеткой, под каким аккаунтом, под каким логином, под какой учетной записью ты работаешь, а кто я,"
        " под какой учетной записью вы работаете, под какой учетной записью мы работаем, под какой учеткой ты"
        " работаешь",
    ),
    "list_changes": Localized(
        en="what changed, what did i change, what did i do, what have i done, what have i changed, what changed"
        " lately, what changed recently, what has changed lately, what has changed"
        " recently,"
        " recent changes, latest changes, what was changed lately, what was changed recently,"
        " what have we changed lately, what has changed,"
        " what was changed, what did you change, what have you done, what did"
        " you do,"
        " history, what was done, change history, show history, show the history, show me the history, what happened,"
        " who changed what, what did we change, recent activity log, what has been changed, what has been done,"
        " what have we changed",
        ru="что изменилось, что я поменяла, что я поменял, что я изменила, что я изменил, что я сделала, что я"
        " сделал,"
        " что я делала, что я делал, что я меняла, что я менял, что менялось, что менялось в последнее время, что"
        " менялось недавно, что изменилось недавно,"
        " что недавно менялось, что недавно изменилось, что изменилось за последнее время, что изменилось в последнее"
        " время, что меняли в последнее время, что меняли недавно, что недавно меняли, что было изменено, что"
        " поменялось, что ты сделал, что делал, что сделано,"
        " история, покажи историю, что было сделано, кто что менял, кто что изменил, что мы меняли, журнал,"
        " что изменено, что поменяли, что изменили",
    ),
    "undo_change": Localized(
        en="undo, undo it, undo that, undo this, revert, revert it, revert that, roll it back, roll back, take it"
        " back,"
        " cancel that change, put it back, put it back as it was, undo the last one, undo what you did, rollback,"
        " undo last, change it back, roll that back, undo what you just did, put everything back as it was, take"
        " that back, put it back how it was, undo the last thing, undo the last action,"
        " undo that last one, undo that last thing, undo this last one, undo last one, undo that one, undo the"
        " last bit,"
        " undo the previous one, revert the last one, revert last one, roll back the last one, roll back the"
        " last thing,"
        " undo my last one, undo what i did, undo the last step, revert the last step",
        ru="отмена, отмени, отмените, отменить, отмени это, откати, откати это, верни, верни как было, верни всё"
        " как было,"
        " верни обратно, верни как было до этого, отмени прошлое, отмени последнее, откати последнее, откатить"
        " последнее, откатите последнее, верни последнее, откатите,"
        " откатай назад, откати назад, отмени последний шаг, откати последний шаг, отмени то последнее, отмените"
        " последнее,"
        " откати то последнее, откат, верни назад, сделай как"
        " было, отмени то что сделал, откатить,"
        " верни всё назад, верни всё обратно, отмени что сделал, откатывай, верните как было, отмените это",
    ),
    "list_waitlist_entries": Localized(
        en="who is waiting, who's waiting, who is in line, who is queued, anyone waiting, anybody waiting, anyone on"
        " the waitlist, how many people are"
        " in the queue, how many are in the queue, how many are waiting, how many people are waiting, is anyone"
        " waiting, is anybody waiting",
        ru="кто ждёт, кто ждёт места, кто в очереди, кто ждёт окна, кто-нибудь ждёт, сколько человек в очереди,"
        " сколько в очереди, сколько людей в очереди, сколько ждёт, сколько"
        " человек ждёт, есть кто в очереди, кто стоит в очереди",
    ),
    "list_bookings": Localized(
        en="what's, whats, who's, whos, what's going on, what is going on, what's going, what is going, anything"
        " booked, is anything booked,"
        " anything on, is anyone booked, is anyone coming, anyone booked, anybody booked, anyone coming, anybody"
        " coming, anyone in,"
        " anyone booked in, is anybody booked, is anybody coming, is anyone booked in, who have we got booked,"
        " who is coming, who's coming, who is booked, who's booked, what is booked, what's booked, what's on,"
        " who is booked in, schedule, agenda, calendar, my schedule, what do we have, what have we got, what's"
        " happening, what is on, what do we have booked, who do we have,"
        " who is in, who's in, who do we have coming, who do we have coming in, who have we got, who have we got"
        " coming,"
        " who is coming in, who's coming in, who is booked in, who do we expect, who are we expecting, what is"
        " scheduled, what's scheduled, what's the schedule",
        ru="кто, кто там, кто записан, кто придёт, кто приходит, кто у нас, кто записан к нам, что запланировано,"
        " кто будет,"
        " расписание, график, календарь, кто забронирован, что забронировано, что стоит, что стоит у нас, что у нас"
        " стоит, что у нас, что там, какая загрузка,"
        " какие записи, кто записался, что по записи, что по записям,"
        " что у нас по записи, что у нас запланировано, какое расписание, кто у нас записан, кого ждём, кого мы"
        " ждём, кто к нам придёт, кто у нас будет, кто к нам"
        " записан, кто у нас придёт, кто к нам приходит, кто-нибудь записан, есть кто записан, кто-то записан,"
        " че у нас, чо у нас, че там, че стоит, че у нас стоит, есть кто-нибудь,"
        " есть кто-то записан, кто записан у нас",
    ),
}
"""Whole requests that name no record, by tool; days may stand beside the last ones."""
AND: Final = Localized(
    en="and, plus, as well as, along with, together with, both",
    ru="и, плюс, а также, вместе с, заодно с, и ещё, а ещё",
)

MINDING: Final = Localized(en="would you mind, do you mind", ru="")
"""After these an -ing orders: "would you mind unlinking deal 7 from booking 14"."""
AS: Final = Localized(en="as", ru="как")
"""Before a client it names a part that is played, and casts no doubt: "set Jane Doe as the client"."""
RELATIVE: Final = Localized(
    en="that which that's who", ru="что которая который которое которые которую которой которого"
)
"""After a record they begin what tells which one it is: "the booking that is tomorrow at 4"."""
BEING: Final = Localized(en="is are 's starts begins was", ru="будет есть стоит назначена запланирована начинается")
"""Between those and a day they say nothing."""
NEW: Final = Localized(en="new another", ru="новый")
"""Before a record without a number, at the beginning, they order one to be made: "new booking", "новая бронь"."""
TITLES: Final = Localized(
    en="mr mrs ms miss dr mister", ru="господин госпожа гражданин гражданка|г-н г-на г-ну г-жа г-жу г-жи г-же"
)
"""Before a name they are no part of it; Russian words are inflected, but for those after the bar."""
WHY: Final = Localized(en="why, how come, what for", ru="зачем, почему, отчего")
DOERS: Final = Localized(en="who, whom", ru="кто, кем, кто-нибудь, кто-то")
WHEN_DONE: Final = Localized(en="when", ru="когда")
"""Questions about what was done, which no record of ours but that of the changes can answer."""
CALLS: Final = Localized(en="call", ru="")
"""Nouns that begin a verb of two words: "call off"."""
ALLOWED: Final = "можно"
"""Before a verb that says what goes on it only allows it."""
WHOSE: Final = Localized(en="whose", ru="чей чья чье")
"""After a client they lead to the phone or the address."""
