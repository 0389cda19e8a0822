"""The guided start: from an empty workspace to first figures, step by step."""
