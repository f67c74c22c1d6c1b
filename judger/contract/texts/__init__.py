"""Texts from outside: names of models, words of filters, halves of characters."""
