"""The Flask kit: access, forms, pages, errors, language, navigation, limits. No domain knowledge.

May call core only.
"""
