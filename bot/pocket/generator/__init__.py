"""Synthetic training messages: sentence frames filled from domain lexicons, then roughened."""
