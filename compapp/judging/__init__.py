"""From the jury's invitation to the published result.

Nouns: jury (ban giám khảo), judge's seat (giám khảo), conflict (xung đột lợi ích), assignment (phân công
chấm), sheet (phiếu chấm), standings (bảng xếp hạng), shortlist (danh sách vào vòng trong), publication
(công bố), correction (đính chính), award (giải thưởng), draw (bốc thăm).
May call entries, contests, clubs, notifications, accounts, web and core.
"""
