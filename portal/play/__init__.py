"""The room of practice: quizzes, chat stories and trail games, and what teachers print and download of them."""
