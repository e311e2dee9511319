"""What the pages share: templates, tags, static files, translations."""
