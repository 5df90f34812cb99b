"""The figures of the report, as SVG, each from the result that it shows."""
