"""The suites of expectations: made from the registry, run by Great Expectations, shown as Data Docs."""
