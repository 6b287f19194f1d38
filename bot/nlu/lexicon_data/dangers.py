# ruff: noqa: E501, ISC004 - a pattern is read whole
"""The closed class: words that make of an order something else, by kind, and the turns of phrase that exempt them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.nlu.danger_kinds import Danger
from tool_specs.declaration.localized import Localized

WORDS: Final[Mapping[Danger, Localized]] = {
    Danger.NEGATION: Localized(
        en="not, never, no, nope, nah, naw, don't, dont, do nt, doesn't, doesnt, didn't, didnt, isn't, isnt, "
        "aren't, arent, wasn't, wasnt, weren't, werent, won't, wont, can't, cant, cannot, couldn't, "
        "couldnt, shouldn't, shouldnt, wouldn't, wouldnt, mustn't, mustnt, needn't, neednt, hasn't, "
        "hasnt, haven't, havent, hadn't, hadnt, ain't, aint, neither, nor, nothing, none, nobody, "
        "without, stop, avoid, hardly, unneeded, unnecessary, refuse, refused, forbid, forbidden",
        ru="не, ни, нельзя, незачем, никогда, нет, неа, нету, без, хватит, прекрати, прекратите, отставить, "
        "рано, нечего, никто, никого, никому, ничего, никакой, никакую, никаких, никакие, необязательно, "
        "ненужно, запрещено, запрещаю, нафиг, нехрен",
    ),
    Danger.IDIOM: Localized(
        en="refrain, kidding, joking, forget, forgot, skip, ignore, disregard, nevermind, never mind, scratch that, scrap "
        "that, hands off, leave it, leave them, leave that, changed my mind, change my mind, hold off, "
        "belay, keep off, lay off, leave alone, let it be",
        ru="упаси, шучу, шутка, пошутил, пошутила, забей, забейте, забудь, забудьте, неохота, передумал, передумала, передумали, воздержись, "
        "воздержитесь, пропусти, отбой, проехали, обойдется, обойдемся, погорячился, погорячилась",
    ),
    Danger.CONDITION: Localized(
        en="if, when, whenever, unless, once, until, till, whether, provided, providing, assuming, "
        "supposing, suppose, in case, in the event, as soon as, as long as, so long as, otherwise, "
        "depends, depending, lest, after, before, while, whilst, pending",
        ru="если, когда, пока, покуда, чтобы, чтоб, ежели, коли, кабы, едва, как только, при условии, в "
        "случае, после, перед, до того, прежде, лишь бы, смотря",
    ),
    Danger.DOUBT: Localized(
        en="should, shall, would, could, might, may, can, maybe, perhaps, possibly, probably, ought, think, "
        "thinking, thought, guess, wonder, wondering, unsure, doubt, consider, considering, supposed, "
        "hopefully, presumably, likely, tempted, debating, what about, how about",
        ru="стоит, стоило, ли, может, возможно, наверное, наверно, вероятно, кажется, думаю, бы, вдруг, "
        "сомневаюсь, вроде, похоже, видимо, должен, должна, должно, должны, следует, авось, неужели, "
        "разве, хз",
    ),
    Danger.OR: Localized(en="or, either, versus", ru="или, либо"),
    Danger.REPORT: Localized(
        en="said, says, say, told, tells, ask, asks, asked, asking, wrote, writes, thinks, claims, claimed, "
        "according, reported, reports, mentioned, mentions, wants, wanted, suggested, suggests, "
        "recommends, recommended, insists, insisted, begs, begged, requests, requested, decided, decides, "
        "demands, demanded, instructed, advised, advises, apparently, allegedly, reckons, promised, "
        "hoped, wished, prefers, agreed, heard",
        ru="сказал, сказала, сказали, говорит, говорят, говорил, говорила, говорили, написал, написала, "
        "написали, пишет, просил, просила, просили, просит, просят, попросил, попросила, попросили, "
        "спросил, спросила, спрашивает, думает, считает, утверждает, велел, велела, велели, предложил, "
        "предложила, советует, посоветовал, сообщил, сообщила, хочет, хотят, хотел, хотела, хотели, "
        "якобы, мол, дескать, распорядился, распорядилась, потребовал, потребовала, требует",
    ),
    Danger.PAST: Localized(
        en="was, were, did, had, been, already, yesterday, ago, previously, earlier, used to",
        ru="был, была, было, были, уже, вчера, раньше, давно, недавно, позавчера, только что",
    ),
    Danger.LATER: Localized(
        en="later, soon, eventually, someday, sometime, afterwards, next time, in a bit, in a while, will, "
        "gonna, going to, i'll, we'll, she'll, he'll, they'll, you'll, it'll, plan to, planning to, about "
        "to, yet",
        ru="потом, позже, попозже, скоро, когда-нибудь, как-нибудь, буду, будет, будем, будут, собираюсь, "
        "собираемся, планирую, планируем",
    ),
    Danger.SUBJECT: Localized(
        en="he, she, they, somebody, someone, anybody, anyone, everybody, everyone, i, we, i've, we've, "
        "he's, she's, they've, they're, he'd, she'd, they'd, who",
        ru="он, она, они, кто-то, кто-нибудь, некто",
    ),
    Danger.HOW: Localized(en="how, why, what for", ru="как, зачем, почему, отчего, каким образом"),
    Danger.HOLD: Localized(
        en="wait, hold on, hang on, oops, whoops, hold it, hold up",
        ru="стой, стойте, постой, постойте, подожди, подождите, погоди, погодите, секунду, упс, стоп, отмена",
    ),
    Danger.EXCEPT: Localized(
        en="except, excluding, apart from, other than, besides, save for, barring, instead of, rather than, "
        "aside from, everything but, all but",
        ru="кроме, вместо, исключая, помимо, за исключением, взамен",
    ),
}

_PLEASE: Final = r"(?: (?:please|pls|plz|kindly|maybe|perhaps|possibly|just|also|then|now|quickly))*"
_YOU: Final = r"(?:you|u|ya|we)"
_HAVE_TIME: Final = (
    r"(?:time|(?:a|one|some|the) (?:chance|moment|minute|min|sec|second|time|opportunity)|free|ready|able|a bit)"
)

REMINDERS: Final[tuple[str, ...]] = (
    r"(?:don't|dont|do not|never) forget(?: to)?",
    r"(?:please )?remember(?: to)?",
    r"не (?:забудь|забудьте|забывай|забывайте)",
)
"""They have a no in them and order all the same: nothing after one runs at once."""

EXEMPT: Final[tuple[str, ...]] = (
    # English: asking politely.
    rf"(?:can|could|would|will|may|might) {_YOU}{_PLEASE}(?! (?:if|not)\b)",
    rf"(?:can't|cant|couldn't|couldnt|won't|wont|wouldn't) {_YOU}{_PLEASE}",
    rf"why (?:don't|dont) {_YOU}",
    rf"(?:would|do|could) {_YOU} mind(?! (?:if|not)\b)",
    r"(?:maybe|perhaps) (?:you|u|ya) (?:can|could)",
    r"(?:i|we|i'd|we'd)(?: would| 'd)?(?: really| just| also)? (?:like|love|need|want|wanna|gotta|have|appreciate|must)"
    r"(?: to| you| u| ya| it)*(?: to)?",
    r"(?:i|we) (?:was|am|were|are) (?:just )?(?:wondering|hoping|thinking|asking)(?: if)?(?: you (?:can|could|would|to))?",
    r"i'm (?:just )?(?:wondering|hoping|asking)(?: if)?(?: you (?:can|could|would|to))?",
    r"(?:i|we)(?:'d| would) (?:appreciate|be (?:grateful|happy|glad))(?: it)?(?: if (?:you|u) (?:could|can|would|will))?",
    r"i'd (?:appreciate|be (?:grateful|happy|glad))(?: it)?(?: if (?:you|u) (?:could|can|would|will))?",
    r"i(?:'m| am)? (?:gonna|going to) need(?: you| u)?(?: to)?",
    r"(?:i|we) (?:request|ask|beg) (?:you )?(?:to)?",
    r"(?:would|will) it be (?:possible|ok|okay|alright)(?: to| for you to| if you (?:could|can))?",
    r"is it possible (?:to|for you to)",
    r"(?:is there )?any chance(?: that)? you (?:could|can|would)",
    r"(?:that|it|this)?(?:'d| would|'ll| will) be (?:nice|great|good|lovely|ideal|helpful|awesome|perfect|cool|appreciated)"
    r"(?: if (?:you|u) (?:could|can|would))?",
    r"would be (?:nice|great|good|lovely|helpful) to",
    # English: conditions that are courtesy.
    r"if (?:you|u) (?:can|could|would|will|please|may|like|want|don't mind|dont mind|do not mind)(?: please| possible)?",
    rf"if (?:you|u)(?:'re| are| have| get| got|'ve)? (?:got )?{_HAVE_TIME}",
    r"if (?:at all )?(?:possible|poss|convenient|feasible)",
    r"if (?:that|it|this)(?:'s| is|s)? (?:not (?:too much|a) (?:trouble|bother|problem)|ok|okay|fine|possible|alright|cool)"
    r"(?: with you)?",
    rf"(?:when|whenever|once|as soon as) (?:you|u)(?:'re| are| have| get| got|'ve)? (?:got )?{_HAVE_TIME}",
    r"(?:when|whenever|as soon as) (?:you|u) (?:can|could|may)",
    r"(?:when|whenever|as soon as) (?:possible|convenient)",
    r"(?:once|when) (?:you're|you are) (?:free|done|ready|available)",
    r"while (?:you're|you are|ur) (?:at it|there)",
    # English: noes, pasts and questions that are none.
    r"no (?:rush|worries|problem|hurry|pressure|probs|biggie|panic)",
    r"(?:not|isn't) (?:urgent|a rush)",
    r"(?:once|one) (?:more|again)",
    r"at once",
    r"how (?:are|r) (?:you|u|things|we)(?: doing)?",
    r"how (?:is|'s) it going",
    r"how's it going",
    r"as (?:(?:the|a|an|its|our|their|his|her) )?(?:(?:only|new) )?(?:client|contact|company|customer|deal|guest|patient)",
    r"as (?:requested|agreed|discussed|promised|mentioned|planned|said|usual|asked)",
    r"(?:hi|hello|hey|hiya|morning|dear) (?:all|everyone|everybody|team|there)",
    r"(?:last|first) thing(?: before)?",
    r"(?:after|before) (?:that|this|lunch|noon|work|close|closing)",
    r"all right|alright",
    r"thank you for .{0,30}",
    r"(?:or|and) (?:so|something|whatever)$",
    # Russian: asking politely.
    r"(?:(?:ты|вы) )?(?:не )?(?:мог|могла|могли)(?: ли)? бы(?: (?:ты|вы|мне|нам|пожалуйста))*",
    r"(?:не )?(?:можешь|можете|сможешь|сможете)(?: ли)?(?: (?:ты|вы|мне|нам))*",
    r"нельзя ли",
    r"может(?: быть)? (?:ты|вы|сможешь|сможете)",
    r"(?:(?:я|мы) )?(?:хотел|хотела|хотели) бы",
    r"(?:хотелось|надо|нужно|требуется) бы",
    r"(?:было|будет) бы (?:здорово|неплохо|хорошо|круто|супер|отлично|славно)",
    r"(?:нужно|надо|необходимо) будет",
    r"есть возможность",
    r"давай(?:те)? (?:будем|с тобой)",
    r"будь(?:те)? (?:добр|добра|добры|другом|любезны|любезен|любезна|ласка|так добры?)",
    r"(?:хочу|хотим|прошу|просим|нужно|надо)(?: тебя| вас)? чтобы? (?:ты|вы)",
    # Russian: conditions that are courtesy.
    r"если (?:можно|возможно|нетрудно|несложно|получится|удобно|что)",
    r"если (?:(?:тебе|вам) )?(?:это )?не (?:сложно|трудно|затруднит|тяжело)(?: (?:тебе|вам|тебя|вас))?",
    r"если (?:у (?:тебя|вас) )?(?:есть|будет|найдется|появится) (?:время|минутка|минута|минуточка|возможность|секунда)",
    r"(?:когда|как)(?: только)? (?:у (?:тебя|вас) )?(?:будет|появится|найдется|есть|выдастся)"
    r" (?:время|минутка|минута|минуточка|возможность|секунда|свободная минута|свободная минутка)",
    r"(?:когда|как|как только) (?:сможешь|сможете|освободишься|освободитесь|найдешь время|найдете время)",
    r"не (?:сочти|сочтите) за труд",
    r"не затруднит",
    r"не (?:срочно|горит|к спеху|спеша|торопясь)",
    r"без (?:проблем|спешки|обид|разницы|вопросов)",
    r"ничего страшного",
    r"что ли",
    # Russian: "how" and "or" that ask nothing.
    r"как (?:можно )?(?:скорее|быстрее|раньше)",
    r"как (?:можно быстрее|дела|ты|жизнь|обычно|всегда|договаривались|договорились|просили)",
    r"(?<=\S )как (?:клиента?|контакта?|компани[яю])",
    r"так как|как раз|как бы",
    r"(?:как|что) было(?: раньше| до этого)?",
    r"(?:после|перед|до) (?:обеда|обедом|этого|того|работы)",
)
"""Patterns over the words of a clause; what they match is no danger."""
