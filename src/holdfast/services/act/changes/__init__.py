"""Changes of ours: entered once; the customers concerned are found, told in good time, and looked after."""
