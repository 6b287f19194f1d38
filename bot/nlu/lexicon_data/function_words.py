"""The small words of everyday requests: what directs, forbids, doubts, asks, or says nothing. As they are written."""

from __future__ import annotations

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

AND: Final = Localized(
    en="and, plus, as well as, along with, together with, both",
    ru="и, плюс, а также, вместе с, заодно с, и ещё, а ещё",
)

NEW: Final = Localized(en="new another", ru="новый")
"""Before a record without a number, at the beginning, they order one to be made: "new booking", "новая бронь"."""
TITLES: Final = Localized(
    en="mr mrs ms miss dr mister", ru="господин госпожа гражданин гражданка|г-н г-на г-ну г-жа г-жу г-жи г-же"
)
"""Before a name they are no part of it; Russian words are inflected, but for those after the bar."""
DOERS: Final = Localized(en="who, whom", ru="кто, кем, кто-нибудь, кто-то")
