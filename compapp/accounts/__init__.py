"""People, sign-in, organisations, memberships, relations and consent.

Nouns: person (người dùng), organisation (tổ chức, đơn vị), membership (tư cách thành viên), role (vai
trò), session (phiên đăng nhập), consent (đồng ý xử lý dữ liệu cá nhân), relation (quan hệ).
May call web and core.
"""
