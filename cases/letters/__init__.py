"""What is said to whom. One dataclass a letter; its document is written in the recipient's
language when the letter is queued."""
