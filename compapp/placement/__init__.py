"""Incubators and teams find each other: intakes, preferences, matching, offers, waiting lists.

Nouns: intake (đợt tiếp nhận), place (chỗ ươm tạo), preference (nguyện vọng), matching (ghép), offer (đề
nghị tiếp nhận), waiting list (danh sách chờ).
May call judging, entries, contests, clubs, notifications, accounts, web and core.
"""
