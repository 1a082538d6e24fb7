"""The forms of the wizard: each says what it asks; ``binding`` carries it to the definition's JSON and back."""
