"""Simulated people who talk to the bot: `concierge simulate`. See `bot.simulator.running`."""
