"""A score's terms as a small bar: what of it came from the words, the taste, the popularity.

Takes the terms as they are; a negative one draws no bar but is told in numbers.
"""

from bot.voice.wording import handy
from bot.web.markup import tag, text
from ranking.types import Why

_TERMS = (("query", "your words"), ("interest", "your taste"), ("prior", "popularity"))


def bar(why: Why) -> str:
    """Return the bar and its key, with the exact numbers for readers of screens."""
    terms = [(key, name, getattr(why, key)) for key, name in _TERMS]
    total = sum(max(value, 0.0) for _, _, value in terms)
    if total <= 0:
        return ""
    exact = ", ".join(f"{name} {value:+.2f}" for _, name, value in terms)
    if why.penalty:
        exact += f", too much alike or disliked {-why.penalty:+.2f}"
    shares = [(key, name, max(value, 0.0) / total) for key, name, value in terms]
    segments = "".join(
        f'<span class="w-{key}" style="width:{share:.1%}"></span>'
        for key, _, share in shares
        if share > 0
    )
    key = "".join(
        f'<span class="w-key"><i class="w-{key}"></i>{text(name)} {share:.0%}</span>'
        for key, name, share in shares
        if share >= 0.005
    )
    return tag(
        "div",
        f'<div class="w-bar" aria-hidden="true">{segments}</div>'
        f'<div class="w-legend" aria-hidden="true">{key}</div>',
        class_="why",
        role="img",
        aria_label=f"Why this one: {exact}",
        title=f"Score terms: {exact}",
    )


def wishes_met(why: Why) -> str:
    """Return the wishes that an item meets and misses, as a short list."""
    met = "".join(tag("li", text(_short(words)), class_="met") for words in why.matched)
    unmet = "".join(tag("li", text(_short(words)), class_="unmet") for words in why.unmet)
    return tag("ul", met + unmet, class_="meets", aria_label="Wishes") if met or unmet else ""


def _short(words: str) -> str:
    """Return a wish in a handy unit, without the facet in front ("genres: comedy" → "comedy")."""
    facet, colon, rest = words.partition(": ")
    return handy(rest if colon and rest and " " not in facet else words)
