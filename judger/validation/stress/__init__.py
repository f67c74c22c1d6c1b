"""How steady a judge is: replies changed in ways that leave their verdict as it is."""
