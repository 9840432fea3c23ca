"""What the bot says: replies, reasons, answers, and how facts are worded."""
