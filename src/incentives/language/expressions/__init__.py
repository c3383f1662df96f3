"""Expressions of rule files: from text to the kernel."""

from .elaboration import condition, term, term_under, test_of

__all__ = ["condition", "term", "term_under", "test_of"]
