"""Measure: churn and money of one period, each number with its way back."""
