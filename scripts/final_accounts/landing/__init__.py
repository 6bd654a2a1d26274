"""The landing folder: raw tables of many reports, checked against the contract."""
