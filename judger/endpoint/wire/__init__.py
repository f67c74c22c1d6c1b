"""How a question goes over the network: its body, and by which proxy."""
