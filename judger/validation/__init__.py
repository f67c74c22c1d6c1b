"""How far a judge agrees with labels."""
