"""Submissions as rows: ranking, exports, the site."""
