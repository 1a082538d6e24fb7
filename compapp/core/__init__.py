"""The ground floor: database and unit of work, clock, actor, life cycles, audit, outbox, files, text.

Knows no request and no route. May call nothing above it; every room may call it.
Nouns: unit of work (giao dịch), audit chain (chuỗi nhật ký), outbox (hộp thư đi), blob (tệp lưu).
"""
