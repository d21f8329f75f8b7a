"""The way in and out: the reader's language, what search engines and watchers ask for, and the quick exit."""
