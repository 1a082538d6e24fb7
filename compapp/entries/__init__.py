"""Teams and what they enter: drafts, frozen versions, attachments, endorsements, eligibility, cases.

Nouns: entry (bài dự thi, hồ sơ dự thi), team (đội thi), member (thành viên), lead (trưởng nhóm),
attachment (tệp đính kèm), receipt (biên nhận), endorsement (xác nhận của trường), eligibility (điều
kiện dự thi), case (vụ việc).
May call contests, clubs, notifications, accounts, web and core.
"""
