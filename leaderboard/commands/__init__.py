"""The commands of `uni-safe`, a module each: what they take, what they print, how they fail."""
