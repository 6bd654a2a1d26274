"""Where things are in the repository."""

from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SEEDS = TOP / "seeds"
PROFILES = TOP / "profiles"
PUBLISHED = TOP / "warehouse" / "final_accounts.duckdb"
