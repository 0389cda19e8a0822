"""Templates of messages: what customers are told, looked at in each language and by somebody's values."""
