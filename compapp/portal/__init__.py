"""The public face: what visitors read without an account.

Nouns: start page (trang đầu), contest page (trang cuộc thi), step (bước sắp tới), result (kết quả).
Only reads. May call judging, entries, contests, clubs, accounts, web and core.
"""
