"""The help text of `concierge test`: how scripts are written and run."""

USAGE = """Run scripted conversations: *.chat.yaml files, or folders of them.

Each script talks in a conversation of its own. A failing step prints the turn, what was
understood, what is held, and why each item ranked where it did. Exit codes: 0 all passed, 1
something failed, 2 broken scripts or wrong use (then nothing is run).

\b
A script:
  name: a comedy from the nineties, then shorter
  catalog: movies
  turns:
    - user: I'd like a comedy from the nineties
      expect:
        act: recommend
        items: {count: {min: 3}, every: {genres: {has: comedy}, year: {between: [1990, 1999]}}}
    - feedback: {item: "items[0]", kind: like}
    - user: shorter
      expect: {items: {max: {runtime: {less_than: previous}}, none_of: shown}}
    - user: who directed the first one?
      expect: {act: answer, reply: {mentions: "items[0].director"}}

\b
What a turn can be expected to come to:
  act         one or a list of recommend clarify answer compare explain accept smalltalk
              reset undo handoff decline
  items       count {min, max, is}; every, some, none, first, max, min: facet → test;
              none_of: shown; titles {include, exclude}
              `some`: one item meets all tests; `none`: no item meets any of them;
              `max` and `min`: the largest and the smallest value over the items
  tests       has, has_any, has_not, is, between, at_most, at_least, known,
              less_than: previous (the largest value of the items last shown) or a number,
              more_than: previous (the smallest) or a number
  understood  constraints {include, exclude: [[facet, op, value]], facets, without};
              likes, dislikes, seen {include, exclude: [titles]}; wish {mentions}
              all of it by this turn or before; ops are = != >= <= <> ~
  reply       mentions, mentions_any, not, matches (regex), question, max_sentences,
              language (en, zh); "items[0].director" stands for an item's fact, `items` being
              the items last shown, `shown` those shown before this turn
  grounded    true unless set to false: every claim is checked against the catalogue
  latency     {max_ms: n}, as whoever waits sees it

Recording: --update NEW.chat.yaml talks with you (type lines, or pipe them in; /like N, /dislike N,
/seen N, /quit) and writes what was seen as a script; with --session ID it writes down a saved
conversation.

In pytest, name a script or give --conversations to have *.chat.yaml collected.
"""
