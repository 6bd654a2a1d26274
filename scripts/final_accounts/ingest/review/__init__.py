"""The page on which a person checks what was read, and what that person corrects."""
