"""The site: a release as static pages."""
