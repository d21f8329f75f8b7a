"""The lines of a country in the reader's language, for any room that shows them."""
