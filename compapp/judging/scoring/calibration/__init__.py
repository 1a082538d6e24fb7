"""Severity-aware ranking: score = entry + judge + noise, with honest intervals.

In words a judge can check: "We compare you only with colleagues on the entries
you both read. If you are on average 0.8 below them, 0.6 is added to your scores
(less when you have read few). Judges whose scores disagree erratically with
everyone count a little less. The order within your own pile never changes."
"""

from compapp.judging.scoring.calibration.design import Review
from compapp.judging.scoring.calibration.fit import GUARDS, METHODS, Calibration, calibrate
from compapp.judging.scoring.calibration.table import ScoresFault, rank_table

__all__ = ["GUARDS", "METHODS", "Calibration", "Review", "ScoresFault", "calibrate", "rank_table"]
