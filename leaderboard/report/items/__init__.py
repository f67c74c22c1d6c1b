"""Single items as a page shows them: texts, small pictures, verdicts, two replies in pairs."""
