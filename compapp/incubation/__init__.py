"""Years after the contest: residencies, milestones, mentors, sessions, progress.

Nouns: residency (quá trình ươm tạo), stage (giai đoạn), milestone (cột mốc), mentor (cố vấn), session (buổi
cố vấn), attendance (điểm danh), progress figure (số liệu tiến độ).
May call placement, judging, entries, contests, clubs, notifications, accounts, web and core.
"""
