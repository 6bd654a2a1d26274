"""Which cells of a report are wrong, when all of its identities are asked at once."""
