"""Every sealed column of every table, and sealing it anew under another key."""
