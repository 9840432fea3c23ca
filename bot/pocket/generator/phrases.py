"""Phrases that belong to no domain: what the bot may have said before, counts, ordinals."""

COUNTS = (
    "one", "two", "three", "four", "five", "six", "seven", "ten", "1", "2", "3", "4", "5", "6",
    "10", "a couple", "a couple", "a few", "a handful", "just one", "half a dozen",
)  # fmt: skip

TEXT_QUESTIONS = (
    "what is {it} about", "whats {it} about", "what's {it} like", "is {it} any good",
    "tell me more about {it}", "tell me about {it}", "more info on {it}", "describe {it}",
    "is {it} worth it", "can you say a bit more about {it}", "what kind of thing is {it}",
    "any more details on {it}", "have you got details about {it}", "how good is {it}",
    "is {it} suitable for beginners", "what do people say about {it}", "is {it} too complicated",
    "whats special about {it}", "what makes {it} so good", "do you know {it}",
)  # fmt: skip

QUESTIONS = (
    "What are you in the mood for?", "What are you looking for?", "Any favourites so far?",
    "Do you have anything particular in mind?", "What kind of {items} do you like?",
    "Tell me what you enjoyed lately.", "What matters most to you?", "Any limits I should know?",
    "Do you have a budget or other limits?", "Is there anything you do not want?",
    "Hello! What can I find for you?", "Sure, what sort of thing?", "Happy to help. Which kind?",
    "Could you tell me one or two {items} you liked?", "What should I look for?",
    "Should it be something light or something serious?", "Do you want something new or a classic?",
)  # fmt: skip

LEADS = {
    "greeting": (
        "Hello! What can I find for you?", "Hi there, how can I help?",
        "Hey! Tell me what you want.",
        "Welcome! What are you looking for today?", "Hi! How are you?", "Hello.",
    ),
    "one": (
        "Here is one that fits.", "How about this one?", "I found one for you.", "Try this.",
        "This one should suit you.", "Only one fits all of that.",
    ),
    "many": (
        "Here are some that fit.", "These should suit you.", "I found these {items} for you.",
        "How about these?", "Three that match what you asked for.", "Here you go.",
        "You might like these.",
        "Nothing meets everything, but these come close.", "These are my picks.", "Some ideas:",
        "Good choice. More like that:", "All of these fit your wishes.",
    ),
    "focus": (
        "{title} would be my first pick.", "{title} fits best.", "Have you seen {title}?",
        "{title} is the closest match.", "You could try {title}.", "I would go for {title}.",
        "About {title}: it fits what you asked for.", "{title} might be right for you.",
    ),
}  # fmt: skip

_ORDINALS = (
    ("first", "1st", "number 1", "#1", "number one", "no. 1", "top"),
    ("second", "2nd", "number 2", "#2", "number two", "no 2"),
    ("third", "3rd", "number 3", "#3", "number three"),
    ("fourth", "4th", "number 4", "#4"),
    ("fifth", "5th", "number 5", "#5"),
)


def ordinal_forms(index: int, count: int, noun: str) -> tuple[str, ...]:
    """Return ways to point at the item at `index` of `count` shown."""
    forms: list[str] = []
    for word in _ORDINALS[min(index, 4)]:
        if word[0] in "n#":
            forms.append(word)
        else:
            forms += [f"the {word} one", f"the {word} {noun}", f"the {word}", f"{word} one"]
    if index == count - 1 and count > 1:
        forms += ["the last one", "the last one", f"the last {noun}", "the last", "the bottom one"]
    if count == 3 and index == 1:
        forms += ["the middle one", "the one in the middle"]
    if count == 2:
        forms += ["the former"] if index == 0 else ["the latter", "the other one"]
    return tuple(forms)
