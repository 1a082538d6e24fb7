"""The mathematics of judging: pure functions from values to values.

No database, no request. Exact fractions throughout, except the calibrated
estimate, which needs floating point and is rounded to six decimals.
"""
