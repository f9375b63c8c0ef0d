"""Lessons: questions that students answer before the model does."""
