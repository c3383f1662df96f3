"""Workbooks of Excel: a form to fill in, a registry read from it, and the results."""
