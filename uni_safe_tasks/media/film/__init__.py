"""Films: shots in which things move (`acting`), a camera (`camera`), encoding and frames again."""
