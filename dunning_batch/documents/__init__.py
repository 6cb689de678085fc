"""Reminder -> bytes."""
