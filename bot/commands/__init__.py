"""Commands of the service's operator: keys, users, replay; `bot.cli` registers them."""
