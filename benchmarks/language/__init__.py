"""How well the words of a message tell a concern, judged where they were not learned."""
