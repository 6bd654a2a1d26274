"""Where the tables stand: titles, headings, and the words by which they are told."""
