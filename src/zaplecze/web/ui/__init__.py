"""What every page shares: layout, style, language and theme, forms, error pages."""
