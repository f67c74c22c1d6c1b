"""One model on the same items twice: the same sentence in another form, or under an attack."""
