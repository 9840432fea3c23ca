"""Which act a message asks for, by patterns in order of force, and what a question is about."""

import re

from bot.pocket.keywords.message import Message
from bot.pocket.keywords.names import named_facets
from bot.types import Act

_FORCED: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(words))  # type: ignore[misc]
    for act, words in (
        ("decline",
         r"ignore (?:all|your|the|any|every|previous|prior)[\w ]*(?:instruct|rules|told|prompt)"
         r"|disregard"
         r"|system (?:prompt|message)|developer mode|tell me a joke|\bvisa\b|flights to|\btaxi\b"
         r"|solve for"
         r"|my wifi|\bhack\b|how do (?:you|i) say|^(?:please )?play |restaurant|emperor|the odds"
         r"|email to|book me"
         r"|\bchord\b|poker|\brash\b|my (?:dog|cat) ate|toilet|gaffer|外挂|越狱|周报|写一?[段篇首]"
         r"|hidden prompt|your prompt|you are (?:now )?dan|without (?:any )?restrictions"
         r"|\b(?:translate|homework|haiku|poem|python|javascript|stock|shares|crypto|bitcoin"
         r"|election"
         r"|weather|forecast|capital of|melatonin|recipe for|medicine|insulin|alarm|tesla)\b"
         r"|\b(?:write|draft|compose|sing) (?:me )?(?:an?|my|some) \w+|should i see a doctor"
         r"|will it rain|text above this|what should i cook|how (?:long )?do i (?:boil|cook|fix)"
         r"|天气|下雨不|写[一个]*(?:代码|爬虫|诗|作文|程序)|作业|股票|[aA]股|提示词|高铁票|机票"
         r"|翻译"
         r"|等于几|发烧|写个|无视之前|忽略.*指令|限行"),
        ("handoff",
         r"\b(?:human|real person|an? (?:actual|real|live) (?:person|human|agent)|agent|manager"
         r"|supervisor"
         r"|operator|employee|escalate|representative|customer (?:service|support|care)|refund"
         r"|complain\w*"
         r"|complaint|someone (?:real|human)|(?:talk|speak|chat) (?:to|with) (?:a |an "
         r"|some)(?:person|one"
         r"|body|human)|put me through|call me back|ring me back|to staff|a person)\b"
         r"|人工|客服|投诉|经理|主管|真人(?!还)|负责人|退款|退货"),
        ("reset",
         r"\b(?:start(?:ing)? (?:all |the whole search )?(?:over|again|afresh|fresh"
         r"|from (?:scratch|zero))|reset|begin"
         r" (?:again|afresh|from)|from (?:scratch|zero|the (?:top|beginning))|clean slate|wipe"
         r"|clear (?:all"
         r"|everything|it all)|forget (?:everything|all (?:that|of|i|about)|it all|me\b)"
         r"|new search|delete"
         r" everything|blank page|restart|do over|scratch everything|everything out|fresh start"
         r"|new start)\b"
         r"|重新(?:开始|来)|重来|重置|清空|从头|从零|全(?:部)?(?:清|删|忘)|忘(?:掉|了)(?:所有|全部"
         r"|吧)|都(?:忘|删|清)|重开|全忘"),
        ("undo",
         r"\bundo\b|\brevert\b|\bgo(?:ing)? back\b(?! to (?:the )?(?:90|80|70|\d))|\b(?:take|put"
         r"|roll) (?:that|it|this)"
         r"(?: one| last)? back|(?:scratch|scrap|cancel|ignore|forget|delete) (?:that"
         r"|what i (?:just )?said|my"
         r" last|the last|that last)(?! \w+ (?:part|wish))|\b(?:step|one) back\b|ctrl[ +-]?z"
         r"|previous (?:list"
         r"|results|ones)|reverse that|un-add|back to (?:the )?(?:previous|before|how it)"
         r"|the last thing"
         r"|never ?mind what i|unsay"
         r"|撤[销回]|上一步|退回|恢复|改回|收回|取消(?:刚|上|取|我)|当我没说|刚才那[个条]|不算"
         r"|返回"),
        ("explain",
         r"^(?:\W*\w+\W+){0,5}?why(?:'s| is| are| do| did| would| the| this| that| these| those"
         r"| am| u\b| you\b|\?|$)"
         r"|\bwhy (?:this|that|these|did you|do you|are you|would you|am i)|how (?:come|did (?:you"
         r"|u) (?:come up|know"
         r"|pick|choose|arrive|guess|decide)|do (?:you|u) (?:decide|choose|pick))|what (?:made"
         r"|makes) you"
         r"|what (?:do|have) (?:you|u)(?: \w+)? (?:know|remember\w*|stored"
         r"|got)(?: \w+){0,3} (?:about|on|of|down|me)"
         r"|based on what|on what grounds|explain (?:yourself|why|the|pls|please|that)|the reason"
         r"|where did you get"
         r"|为什么|为啥|凭[啥什]|怎么(?:会|就)?(?:选|推|想到|知道)|根据(?:啥|什么)|依据|干嘛推"
         r"|解释|理由|知道我(?:些|什么|啥)"),
    )
)  # fmt: skip
_COMPARE = re.compile(
    r"(?:^|[.,!?:] |so |and )which\b|\bagainst\b|\bwhich\W*$|pros and cons|哪[个部款张套家台本]"
    r"|\bcompare|\bcomparison|\bvs\.?\b|\bversus\b|\bdifferen(?:ce|t from)|\bdiff\b|\bbetter than\b"
    r"|\bwhich(?:'s| is| of| one| has| was| are| would| do| does| runs| came| got| film| \w+ (?:is"
    r"|has))"
    r"|\b\w+er (?:than )?(?:the|of)\b.*\?|\bor (?:the )?\w+.*\b\w+er\b|(?:or|and) .*\bwhich\b"
    r"|比较|对比|哪[个部款台]更?|区别|差别|谁更|相比|还是.*[好长贵轻]|比.*[吗?？]"
    r"|谁(?:的)?\S{1,4}[好大长]"
)
_WANT = re.compile(
    r"\b(?:do (?:you|u|they|yall) (?:have|got|sell|do|carry|know (?:of )?(?:any|some|a)|recommend)"
    r"|have (?:you|u) got"
    r"|got (?:any|some|a)|(?:any|some)(?: \w+){0,3} (?:films?|movies?|suggest\w*|recommend\w*|ones"
    r"|ideas|more)"
    r"|can (?:you|u|i) (?:please )?(?:recommend|suggest|find|show|give|get|help|have|see)"
    r"|could (?:you|u|i)"
    r"(?: please)? (?:recommend|suggest|find|show|give|get|name|have|see)|recommend|recomend"
    r"|suggest|looking for"
    r"|show me|give me|gimme|i(?:'d| would)? (?:really )?(?:want|need|prefer|like to)|what else"
    r"|who else has"
    r"|what about (?:a|an|some)|how about (?:a|an|some|something)|is there (?:a|an|any|some|one"
    r"|something)"
    r"|are there (?:any|some|more)|anything|something|what (?:films|movies|other|are (?:some"
    r"|your))|any (?:other|good))\b"
    r"|有没有|推荐|想看|想要|来[几一两三]|有什么|有啥|还有别的|换"
)
_ASKING = re.compile(
    r"(?:^|[.!?;,]\s+)(?:(?:i do|no i haven't|i haven't|hold on|and|so|but|ok|okay|hmm+|yes|yeah"
    r"|sure|hey|wait|oh+|ooh|wow|nice|cool|thanks|hi|also|well|no"
    r"|btw|by the way|quick q|question)\W+)*(?:who|what|whats|what's|when|where|how|is|are|does|do"
    r"|did|was|were|has|can"
    r"|could|will|would|whos|who's|hows|how's|which|isn't|any good)\b(?! (?:if|i|we)\b)|\bright\?"
    r"|\b(?:tell me (?:more|about)|more about|who (?:directed|is in|stars|plays|made)"
    r"|what is it about"
    r"|what'?s it about|how (?:long|much|old|heavy|big|many))\b|吗|么$|多少|多长|多大|多重|谁|哪年"
    r"|几[个点星g]|咋样"
    r"|怎么样|讲什么|讲的|啥$|如何|是不是|好不好|有多|能不能|多久|介绍|几几年|哪国|啥系统"
    r"|几[斤寸米]|剧情|会不会|是谁|不$|啥来着|差在哪|好看不|说说"
)
_OPINION = re.compile(
    r"\b(?:have|did|do) you (?:ever )?(?:seen?|watch(?:ed)?|like|heard of|know (?:about|who|when"
    r"|what)|enjoy|know [a-z]+ [a-z]+\?)"
    r"|\btell me (?:more |something |anything )?about\b|know anything about"
)
_THING = re.compile(
    r"(?:^|[.!?,] )\W*(?:(?:and|so|ok|hey|yes|hi|also),? )*(?:(?:is|are|does|do|can|will"
    r"|has) (?:the|a|an|it|that|this|they|those"
    r"|there|\w+ \w+ \w+)\b(?! you)|(?:who|what|when|how)(?:'s)? [^?]*\b(?:it|that|this|those|they"
    r"|there)\b)(?!.*\byou\b)"
)
_ACCEPT = re.compile(
    r"\b(?:i'?(?:ll| will)|we'?(?:ll| will)|i'?m going to|i am going to|ima|lemme|let me|let's"
    r"|lets|gonna|going to)"
    r" (?:\w+ )?(?:take|watch|go (?:with|for)|check|try|get|buy|have|see|rent|add|order|book|give"
    r"|pick|look)\b"
    r"|\b(?:sold|deal|perfect|book it|order it|reserve|put me down|that'?s the one|this is the one"
    r"|going with|go with"
    r"|sounds (?:good|great|perfect|like)|good choice|great choice|add (?:it|that) to|i'?m in"
    r"|we'?re in|check (?:it|that"
    r"|them|those) out|give (?:it|that) a (?:try|go|shot|watch)|go on then|done deal|wrap it up"
    r"|count me in|take it"
    r"|my list|will do|ring it up|i choose|looks like a winner|mine)\b"
    r"|就(?:它|这|要|看|选|买|第)|成交|下单|买了|定了|行.?就|要了|听你的|拿下|选第|决定"
)
_SMALL = re.compile(
    r"^\W*(?:(?:hi+|hello|hey+|hiya|yo|sup|good (?:morning|evening|afternoon|night|day)|morning"
    r"|evening|thanks?|thank"
    r" (?:you|u)|thx|ty|ta|cheers|bye|goodbye|good ?bye|adios|later|i agree|see (?:you|ya)"
    r"|take care|have a|you too|u too|welcome|you'?re"
    r" welcome|no problem|lol|haha+|wow|ok(?:ay)?|k|cool|great|nice|awesome|appreciate"
    r"|how are (?:you|u)|how r u|how is"
    r" it going|nope|no that|that'?s all|i'?m (?:good|fine|great|doing)|im (?:good|fine|great)"
    r"|alright|you have)\b"
    r"|你好|您好|嗨|哈喽|谢|早上好|早|晚安|晚上好|再见|拜拜|辛苦|嗯嗯|哈哈|好的|好嘞|在吗|干杯)"
)
_CHAT = re.compile(
    r"\b(?:thank|thanks|thx|bye|goodbye|cheers|good ?night|have a (?:good|great|nice)|take care"
    r"|you too|how are you"
    r"|appreciate|helpful|(?:ur|you'?re|u r) (?:so )?(?:funny|great|the best)|feelings|robot"
    r"|later$|are you (?:a )?(?:robot|bot|human|real))\b|谢谢|晚安|再见|拜拜|机器人"
)
_CLARIFY = re.compile(
    r"\b(?:help me (?:choose|pick|decide)|surprise me|(?:don'?t|dont|do not) know (?:what|where"
    r"|which|much)|no (?:idea|clue"
    r"|preference)|not (?:really )?sure|dunno|idk|can'?t decide|cant decide|suggestions\?"
    r"|what'?s good|whats good"
    r"|recommend (?:me )?(?:a |any |some )?(?:good )?(?:movies?|films?|something|anything)"
    r"|something to watch|bored|where"
    r" (?:do i|to) (?:even )?start|what (?:do|would) you (?:recommend|suggest|think i)|help"
    r"|not a clue|you choose|pick something"
    r"|where (?:to|does one) (?:begin|start)|suggest what|what would you|any suggestions|some too"
    r"|(?:a |some )?(?:good )?(?:movies?|films?) ?(?:recommendations?|suggestions?))\b"
    r"|不知道|随便|帮我(?:挑|选)|推荐一下|有啥|有什么|选择困难|没头绪|求推荐|^推荐$|闭眼推"
    r"|给个推荐|你看着办"
)
_MORE = re.compile(
    r"\b(?:more|else|others?|another|next|different|no|nope|nah|yes|yeah|sure|please|seen"
    r"|like[ds]?|love[ds]?|hate[ds]?"
    r"|watch|recommend|suggest)\b|还有|别的|换|再来|其他|不喜欢|都行"
)


def forced(message: Message) -> Act | None:
    """Return the act that strong words ask for, whatever else a message says."""
    return next((act for act, words in _FORCED if words.search(message.low)), None)


def asking(message: Message, pointing: bool) -> Act | None:
    """Return `compare` or `answer` for a question about items, else None.

    Parameters
    ----------
    pointing
        Whether the message names or points at an item.
    """
    low, shown = message.low, len(message.situation.shown)
    wanting = bool(_WANT.search(low))
    if not wanting and (shown > 1 or pointing) and _COMPARE.search(low):
        return "compare" if shown > 1 or " or " in low or "vs" in low or "和" in low else "answer"
    facets = named_facets(low, message.situation.schema.facets)
    if _OPINION.search(low) and not wanting:
        return "answer"
    if not shown and not wanting and _THING.search(low):
        return "answer"
    if not _ASKING.search(low) or (
        wanting and not re.search(r"what is it about|tell me about", low)
    ):
        return None
    chat = re.search(
        r"how (?:are|r) (?:you|u)|how about (?:you|it)|你好吗|how(?:'s| is) it going", low
    )
    return "answer" if (pointing or (shown and facets)) and not chat else None


def asking_words(message: Message) -> bool:
    """Whether the message is put as a question with "who", "is", "哪" and the like."""
    return bool(_ASKING.search(message.low))


def asked_facets(message: Message) -> list[str]:
    """Return the facets that a question names, or `text` for what no facet tells."""
    questions = re.findall(r"[^.!?。！？]*[?？]", message.low)
    text = " ".join(questions) or message.low
    return named_facets(text, message.situation.schema.facets) or ["text"]


def taking(message: Message) -> bool:
    """Whether the words pick an item."""
    return bool(_ACCEPT.search(message.low)) and not re.search(
        r"\b(?:let me think|let me see|won'?t|wouldn'?t|if you|not going to)\b", message.low
    )


def idle(message: Message, claims: bool, words: bool) -> Act:
    """Return the act of a message that neither asks nor picks.

    Parameters
    ----------
    claims, words
        Whether it says anything of items or facets, and whether free words are left.
    """
    low = message.low
    if claims:
        return "recommend"
    small = bool(_SMALL.search(low) or _CHAT.search(low))
    if small and not _WANT.search(low):
        return "smalltalk"
    fresh = not message.situation.shown and not message.situation.state
    if fresh and _CLARIFY.search(low):
        return "clarify" if not words or len(low) < 60 else "recommend"
    if fresh and not words and _WANT.search(low) and not re.search(r"\b(?:else|other|more)\b", low):
        return "clarify"
    if (
        words
        or _MORE.search(low)
        or _WANT.search(low)
        or message.situation.said.endswith(("?", "？"))
    ):
        return "recommend"
    return "smalltalk"
