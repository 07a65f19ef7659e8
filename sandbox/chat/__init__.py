"""The chat page: everybody's phone in one window, for people who try the bot."""
