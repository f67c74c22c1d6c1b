"""An OpenAI-compatible server as seen by a client: sending, waiting, failing, remembering."""
