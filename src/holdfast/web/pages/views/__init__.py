"""Saved views: lists as people narrowed and sorted them, under names."""
