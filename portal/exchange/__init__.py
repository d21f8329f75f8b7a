"""Quizzes and stories for other programs: written for classroom tools, and read from what teachers have already."""
