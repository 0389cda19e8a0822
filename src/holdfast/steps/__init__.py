"""Steps of plays, one file each: what should happen next with one customer; pure."""
