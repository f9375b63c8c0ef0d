"""The pages of lessons: what a student predicts, what came out, and what a teacher sees."""
