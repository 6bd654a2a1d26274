"""The dashboards in Superset, made and looked at."""
