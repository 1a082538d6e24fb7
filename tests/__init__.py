"""The tests: a folder per room, ``house`` for the rules of the code base itself."""
