"""Asked Before: readers ask a blog a question; the blog answers in its author's own published words."""

__version__ = "0.1.0"
