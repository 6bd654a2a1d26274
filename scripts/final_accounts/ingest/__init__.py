"""scripts/ingest: from a published report (PDF, text, workbook) to the raw rows of the warehouse, proved."""
