"""Who may open what: a table written by hand, asked of every route."""
