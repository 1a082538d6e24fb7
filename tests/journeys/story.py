"""The chapters of the year in their order."""

from tests.journeys.chapters import entering, finals, judging, mentoring, opening, placing, scoring

CHAPTERS = (
    opening.found_the_house,
    opening.bring_in_the_contest,
    opening.announce,
    entering.sign_up,
    entering.form_a_team,
    entering.fill_in,
    entering.submit,
    entering.endorse,
    judging.check_entries,
    judging.complete,
    judging.gather_the_jury,
    judging.declare_and_assign,
    scoring.score,
    scoring.score_on_paper,
    scoring.decide,
    scoring.read_results,
    finals.prepare,
    finals.hear,
    finals.award,
    placing.wish,
    placing.match,
    placing.accept,
    mentoring.assign,
    mentoring.meet,
    mentoring.count,
)
