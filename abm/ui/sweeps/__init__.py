"""The page of a sweep: what a store holds, what matters in it, a map, and its runs."""
