"""The static site of the leaderboard: `build` makes it, `pages/` holds its templates."""
