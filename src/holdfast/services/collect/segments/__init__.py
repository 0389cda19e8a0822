"""Segments: named rules, who meets them now, who came and went, and which customers fit."""
