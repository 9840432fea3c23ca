"""The customer desk: service questions, Rasa's and Chatwoot's channels, events, the widget.

What a shop's help desk plugs in around the recommendation talk. `faq` answers questions about the
shop itself; `router` holds the routes of the channels and of the widget.
"""
