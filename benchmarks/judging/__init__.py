"""What judging costs: pictures, films, requests with media, the whole suite, memory."""
