"""Drains the outbox: preferences, inbox, channels, delivery record.

Nouns: message (thông báo), inbox (hộp thư), channel (kênh), delivery (lần gửi).
May call accounts, web and core. What a message says is registered by the room that posts it.
"""
