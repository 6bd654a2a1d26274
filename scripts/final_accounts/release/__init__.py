"""Write, audit, publish: how a warehouse that dbt has built becomes the file that readers open."""
