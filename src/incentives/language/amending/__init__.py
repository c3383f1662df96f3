"""Notices that change rules from a day on."""
