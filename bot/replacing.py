"""Tells who wants another item, as theirs broke or is gone, from who complains about a purchase.

"My phone died, I need a new one" looks for an item; "the phone you sent died, I need a new one" is
a matter for the shop. Knows words alone, neither the catalogue nor the FAQ.
"""

import re

_GONE = re.compile(
    r"\b(?:broke|broken|cracked|smashed|shattered|bust(?:ed)?|fried|kaput|dead"
    r"|died|dying|(?:gave|given|giving) (?:up|out)|(?:packed|packing) (?:up|in)"
    r"|(?:stopped|quit) working|conked out|bit the dust|on its last legs|worn out|stolen"
    r"|stole|lost)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:needs?|wants?|wanna|looking for|look for|shopping for|searching for|search for|after"
    r"|(?:in the market|time) for|find|recommend|suggest|show|get me|would like|'?d like)\b"
    r".*\b(?:an?|another|new|something|some|replacement|one|what)\b"
    r"|\bwhat\b.*\b(?:recommend|suggest)\b",
    re.IGNORECASE | re.DOTALL,
)
_PURCHASE = re.compile(
    r"\b(?:order(?:ed|s)?|arriv\w*|deliver\w*|shipp\w*|parcel|package|box|opened|refund\w*"
    r"|money back|returns?|returned|warranty|guarantee|repair\w*|fix(?:ed)?|exchange\w*|receipt"
    r"|claim|compensat\w*|complain\w*|faulty|defective|spare|credit|insur\w*"
    r"|you (?:sent|sold|shipped|gave)|sent me|send me|sold me|from you|your (?:shop|store|site)"
    r"|i (?:just |only )?(?:bought|got|purchased) (?:it|this|that|them|here)|just bought"
    r"|(?:after|in|within) (?:a|an|one|two|three|\d+) (?:hour|day|week|month)s?)\b",
    re.IGNORECASE,
)


def is_for_another(text: str) -> bool:
    """Tell whether a message wants an item in the place of one that broke, died or is gone."""
    return bool(_GONE.search(text) and _WANTED.search(text)) and not _PURCHASE.search(text)
