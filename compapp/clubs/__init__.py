"""University clubs: their terms, cohorts and members.

Nouns: club (câu lạc bộ khởi nghiệp), term (học kỳ), cohort (khóa), member (thành viên).
May call notifications, accounts, web and core.
"""
