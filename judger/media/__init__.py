"""Media files of requests and replies: opened within bounds, shown as a viewer would show them."""
