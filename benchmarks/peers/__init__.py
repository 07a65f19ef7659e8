"""Whether other people's reading of the Bot API agrees with the sandbox: aiogram's types, in their own environment."""
