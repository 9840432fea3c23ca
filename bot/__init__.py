"""The dialogue: understanding, policy, explanation, the turn graph, and its faces."""
