"""Real sentences as replies: each is stored, screened, answered and shown exactly as it was written."""
