"""The scenarios and what is made of them: rows, documents, prompts, leaves."""
