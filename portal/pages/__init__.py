"""The room of texts: the first page, the doors, the articles behind them, and the pages about the site."""
