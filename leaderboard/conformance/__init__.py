"""A conformance kit for scorers: known faults through the real path, and not one may be a verdict.

`faults/*.yaml` hold the faults, one a row; `docs/conformance.md` is made from them. A row goes to a
scorer as replies of a model and a judge at a local server; what comes back is compared.
"""
