"""Making the first administrator, by the link that `holdfast serve` prints."""
