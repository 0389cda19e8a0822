"""Messages that go out: what waits, what went, what somebody has to decide."""
