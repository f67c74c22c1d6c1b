"""What is made of scenarios: items, documents, prompts, leaves."""
