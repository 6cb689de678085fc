"""Bytes -> outside: an archive for the post."""
