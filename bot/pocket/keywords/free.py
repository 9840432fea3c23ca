"""What is left of a message when all that has a place is taken away: its free words."""

import re
from collections.abc import Sequence

from bot.pocket.keywords.message import NO, Message, Spot

_STOP = frozenset(
    """a an the i i'm im me my mine myself we us our you your u ur he she it its they them their his
    her him who whom whose which what whats what's that this these those there here where when
    why how is am are was were be been being do does did done doing have has had having can
    could would will shall should may might must cant can't dont don't didnt didn't wont won't
    isnt isn't wasnt aint and or but if of at by for with about to from in on off up down out
    into as than too very so just only also even still yet then again once all any some few
    more most much many less least other others another such both each every either neither no
    not nor yes yeah yep ok okay sure hi hello hey thanks thank thx please pls plz oh ah um uh
    hmm hm well lol haha ha like liked love loved want wanted wanna need needs look looking
    looks find found search searching show shows give gimme get got getting watch watching
    watched see seen saw try recommend recommendation recommendations suggest suggestion
    suggestions help know think thought feel feeling say said tell mean go going let lets let's
    make made take put come came keep movie movies film films flick flicks show something
    someone anything nothing everything thing things stuff one ones item items good great nice
    best better awesome cool fine interesting decent really actually maybe perhaps probably
    possibly kind sort type bit lot lots kinda sorta pretty quite ideally preferably prefer
    today tonight now time day night weekend tomorrow new old first second third last next same
    different idea ideas option options choice mind mood don didn doesn't doesnt hate hated
    without nothing anyone been ive i've id i'd ill i'll youre you're it's that's thats there's
    theres whatever however way ever never always right guess hope buy spend cost price budget
    cheap under over around between least max min maximum minimum than must also because cos
    since before after until while during through instead rather though although w sth smth
    smthg somethin anyway based per able worth left another doing use using used her's o' 'em
    em 2 4 bye ya sir btw tbh imo favorite favourite fan enjoy enjoyed enjoying into hear heard
    else back similar actor actress director series list add added wife husband mum mom dad
    daughter son kids girlfriend boyfriend brother sister boss friend friends birthday evening
    morning work year years month ago he's she's they're we're she'd he'd we'd i'm sec hour
    hours minute minutes lately meant version enjoy curious wait hang hold obvs bother bothered
    matter matters careful somewhat two three four five six seven eight nine ten half wide tall
    instead wld cld shop store place bottle price prices cheaper suggestion thank welcome glad
    sounds sound seems seem looked mentioned guys guy people person everyone everybody wonder
    wondering""".split()
)
_ZH_STOP = re.compile(
    r"我们?想?要?|你们?|给我|帮我|推荐|有没有|有什么|有啥|能不能|可以"
    r"|来[几一二两三]?[部个款台]?|想看|想买|想找|想要|看看|找|看|买|电影|影片"
    r"|片子|片|一[部个款台些点下]|几[部个款台]|那种|这种|的|了|吗|呢|吧|啊|呀"
    r"|嘛|不要太?|别太?|除了|没有|不|别|最好|比较|一?点儿?|有点|有|是|就|也"
    r"|都|还|再|和|跟|或者?|要|请|谢谢|好|很|太|更|最|适合|关于|类型|什么"
    r"|啥|随便|今晚|今天|周末|左右|以内|以下|以上|预算|便宜|给|用|能|会|个|部"
    r"|款|台|与|在"
)


# Who tells of themselves wishes nothing, unless a word of wishing stands in the clause too.
_STORY = re.compile(r"\b(?:i|i've|i'm|im|my|we|he|she|they|his|her|you|it's|its)\b")
_WISHED = re.compile(
    r"\b(?:want|need|looking|mood|fancy|something|anything|smth|sth|movies?|films?|about|for|like"
    r"|love"
    r"|show me|recommend|suggest|prefer|must|should|hate|can't stand|no|not|without)\b"
)


def free(message: Message, taken: Sequence[Spot]) -> tuple[list[str], list[str]]:
    """Return the words wanted and those to avoid that stand outside the places taken."""
    wish: list[str] = []
    avoid: list[str] = []
    held = [*taken, *(Spot(m.start(), m.end()) for m in NO.finditer(message.low))]
    run: list[Spot] = []
    for match in re.finditer(r"[^\W_](?:[\w'-]*[^\W_])?", message.text):
        spot = Spot(match.start(), match.end())
        if re.match(r"[\u3400-\u9fff]", match[0]):
            continue
        dull = match[0].lower().replace("’", "'") in _STOP or match[0].isdigit()
        if dull or spot.meets(held):
            continue
        if run and re.fullmatch(r" ", message.text[run[-1].end : spot.start]):
            run[-1] = Spot(run[-1].start, spot.end)
        else:
            run.append(spot)
    run += _chinese(message, taken)
    for spot in sorted(run, key=lambda s: s.start):
        if _STORY.search(message.before(spot.end)) and not _WISHED.search(message.before(spot.end)):
            continue
        (avoid if message.negated(spot) else wish).append(message.words(spot))
    return list(dict.fromkeys(wish)), list(dict.fromkeys(avoid))


def _chinese(message: Message, taken: Sequence[Spot]) -> list[Spot]:
    """Return runs of Chinese characters that say something."""
    chars = list(message.text)
    for spot in taken:
        chars[spot.start : spot.end] = "\n" * (spot.end - spot.start)
    text = _ZH_STOP.sub(lambda m: "\n" * len(m[0]), "".join(chars))
    return [Spot(m.start(), m.end()) for m in re.finditer(r"[\u3400-\u9fff]{2,8}", text)]
