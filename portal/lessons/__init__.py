"""The room of lessons: their list, and each one as an overview, a plan in three lengths, slides, and cards to print."""
