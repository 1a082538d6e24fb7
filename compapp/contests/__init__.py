"""Contests: boards, rounds, calendar, entry form, rubrics, prizes, roles, and the contest file.

Nouns: contest (cuộc thi), board (bảng thi), round (vòng), sector (lĩnh vực), rubric (phiếu tiêu chí),
prize (giải thưởng), rules (thể lệ), role in a contest (vai trò trong cuộc thi).
May call clubs, notifications, accounts, web and core.
"""
