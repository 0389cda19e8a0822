"""The audit trail: who saw and who changed what."""
