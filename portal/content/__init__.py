"""The kernel: markdown and data files in, checked and translated documents out. Knows neither Flask nor SQLAlchemy."""
