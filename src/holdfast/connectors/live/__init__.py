"""Sources of live events, one file each: what a provider's webhooks mean."""
