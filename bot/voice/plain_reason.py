"""The plain reason: what is said of an item where no LLM wrote anything true.

Made of the wishes met and the facts alone, in the wordings of `phrases/*.toml`.
"""

from bot.voice.briefing import FacetedBrief, known, telling, wished
from bot.voice.chinese_portrait import chinese_clause, chinese_phrase
from bot.voice.phrase import numbered, words
from bot.voice.phrasing import Phrases, Seed, capital
from retrieval.types import Schema


def plain_reason(brief: FacetedBrief, kind: str, schema: Schema, speak: Phrases, seed: Seed) -> str:
    """Return one or two sentences made of a brief alone; never empty.

    Parameters
    ----------
    brief
        What is known, in the person's language.
    kind
        What sort of thing the item is, where the catalogue has sorts, else empty.
    seed
        Picks the wording.
    """
    wished_for, facts, too = _phrases(brief, kind, schema, speak)
    parts = []
    if wished_for:
        parts.append(speak.say("met", seed, "reason", met=wished_for))
    if brief.liked:
        titles = speak.join([speak.quote(title) for title in brief.liked])
        parts.append(speak.say("liked", seed, "reason", titles=titles))
    if too and len(parts) == 1 and wished_for:
        parts.append(speak.say("facts", seed, "reason", facts=too))
    if facts and not wished_for:
        parts.append(speak.say("alone", seed, "reason", facts=facts))
    if not parts:
        parts.append(speak.say("nothing", seed, "reason"))
    english = speak.language == "en"
    plural = english and wished(brief).plural
    return (" " if english else "").join(capital(numbered(part, plural)) for part in parts)


def _phrases(
    brief: FacetedBrief, kind: str, schema: Schema, speak: Phrases
) -> tuple[str, str, str]:
    """Return the wishes met and other facts as noun phrases, and one fact as a predicate."""
    asked = bool(brief.met or brief.wish)
    if speak.language == "en":
        facts, one = known(brief), known(brief, most=1)
        wished_for = words(wished(brief).noun_phrase(short=True)) if asked else ""
        alone = words(facts.noun_phrase(short=True)) if facts.parts else ""
        return wished_for, alone, words(one.predicate(short=True)) if one.parts else ""
    chosen = telling(brief)
    pairs = [(facet.name, said) for facet, said in chosen]
    wished_for = chinese_phrase(brief.met, brief.wish, kind, schema, speak) if asked else ""
    alone = chinese_phrase(pairs, (), kind, schema, speak) if chosen else ""
    clauses = [chinese_clause(facet, said, speak) for facet, said in chosen[:1]]
    return wished_for, alone, "".join(clauses)
