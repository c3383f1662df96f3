"""What is wrong with a rule pack before anybody is judged by it."""

from .checking import Report, check, check_book

__all__ = ["Report", "check", "check_book"]
