"""What a site keeps: SQLite in one file, or PostgreSQL; brought up to date, backed up and restored."""
