"""What scripts/prove_faults lets fail, which commands it hits, and what has to be true after each."""
