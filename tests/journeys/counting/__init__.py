"""How many statements a page needs, and how to make the demonstration's lists longer."""
