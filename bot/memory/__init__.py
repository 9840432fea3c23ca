"""What a conversation holds: wishes over its turns, taste, feedback."""
