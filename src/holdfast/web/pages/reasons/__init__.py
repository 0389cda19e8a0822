"""Reasons, graded: how we do by each reason for which customers leave, who is behind it, what to do first."""
