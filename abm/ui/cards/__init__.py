"""The cards of the page: each shows one thing with its numbers in words, as a table and as a file."""
