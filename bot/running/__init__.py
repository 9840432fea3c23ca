"""What keeps the bot running: loading, sessions, locks, turns, logs."""
