"""The report of a run of sentences (`unisafe_iso_*`): the modality gap, nothing of the cells."""
