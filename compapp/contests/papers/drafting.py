"""What a paper says before anybody has edited it, made from the contest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Person = Mapping[str, str]
"""``name``, ``degree``, ``position``, ``unit``, ``duty``."""

_DOTS = "...................."
LIST_HERE = "[danh sách]"
"""The line at which the list of people stands."""


@dataclass(frozen=True)
class PaperFacts:
    """What is known: names in Vietnamese, the calendar and the rules as sentences, prizes, people by paper."""

    contest: str
    organiser: str
    partners: Sequence[str]
    theme: str
    calendar: Sequence[str]
    entering: Sequence[str]
    deciding: Sequence[str]
    prizes: Sequence[str]
    people: Sequence[Person]
    superior: str = ""
    """The body above the organiser."""


def draft(kind: str, facts: PaperFacts) -> dict[str, Any]:
    """Return the content of a paper: head, grounds, body, people, recipients."""
    makers = {
        "plan": _plan,
        "rules": _rules,
        "committee": _committee,
        "jury": _jury,
        "secretaries": _secretaries,
    }
    common: dict[str, Any] = {
        "issuing_body": facts.organiser,
        "superior_body": facts.superior,
        "number": "",
        "place": "",
        "office": "Thủ trưởng đơn vị",
        "signer": "",
        "people": [dict(person) for person in facts.people],
        "recipients": "Như trên\nCác đơn vị phối hợp",
    }
    return common | makers[kind](facts)


def _numbered(lines: Sequence[str], sign: str = "-") -> str:
    return "\n".join(f"{sign} {line}" for line in lines) or f"- {_DOTS}"


def _plan(facts: PaperFacts) -> dict[str, Any]:
    partners = ", ".join(facts.partners) or _DOTS
    return {
        "kind": "Kế hoạch",
        "sign": "KH-",
        "abstract": f"Tổ chức {facts.contest}",
        "grounds": "",
        "body": "\n".join(
            [
                "I. MỤC ĐÍCH, YÊU CẦU",
                f"1. Mục đích: {facts.theme or _DOTS}",
                f"2. Yêu cầu: {_DOTS}",
                "II. ĐỐI TƯỢNG, ĐIỀU KIỆN DỰ THI",
                _numbered(facts.entering),
                "III. TIẾN ĐỘ",
                _numbered(facts.calendar),
                "IV. CƠ CẤU GIẢI THƯỞNG",
                _numbered(facts.prizes),
                "V. KINH PHÍ",
                f"Nguồn kinh phí: {_DOTS}",
                "VI. TỔ CHỨC THỰC HIỆN",
                f"1. {facts.organiser} chủ trì, chịu trách nhiệm toàn bộ cuộc thi.",
                f"2. Đơn vị phối hợp: {partners}.",
            ]
        ),
        "people": [],
    }


def _rules(facts: PaperFacts) -> dict[str, Any]:
    return _decision(
        f"ban hành Thể lệ {facts.contest}",
        [
            f"Điều 1. Ban hành kèm theo Quyết định này Thể lệ {facts.contest}.",
            "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
            "Điều 3. Ban Tổ chức, các đơn vị và cá nhân liên quan chịu trách nhiệm thi hành Quyết định này./.",
            "THỂ LỆ",
            "Điều 1. Đối tượng và điều kiện dự thi",
            _numbered(facts.entering),
            "Điều 2. Thời gian",
            _numbered(facts.calendar),
            "Điều 3. Cách chấm và xét kết quả",
            _numbered(facts.deciding),
            "Điều 4. Cơ cấu giải thưởng",
            _numbered(facts.prizes),
        ],
        facts,
    ) | {"people": []}


def _committee(facts: PaperFacts) -> dict[str, Any]:
    what = f"thành lập Ban Tổ chức {facts.contest}"
    return _body_of(what, "Ban Tổ chức", "tổ chức cuộc thi theo Kế hoạch và Thể lệ", facts)


def _jury(facts: PaperFacts) -> dict[str, Any]:
    what = f"thành lập Ban Giám khảo {facts.contest}"
    return _body_of(what, "Ban Giám khảo", "chấm thi độc lập, khách quan, giữ bí mật nội dung bài dự thi", facts)


def _secretaries(facts: PaperFacts) -> dict[str, Any]:
    what = f"thành lập Tổ Thư ký {facts.contest}"
    return _body_of(what, "Tổ Thư ký", "giúp việc Ban Tổ chức và Ban Giám khảo, lập biên bản các phiên họp", facts)


def _body_of(what: str, body: str, task: str, facts: PaperFacts) -> dict[str, Any]:
    lines = [
        f"Điều 1. {what[0].upper()}{what[1:]}, gồm các ông, bà có tên sau đây:",
        LIST_HERE,
        f"Điều 2. {body} có nhiệm vụ {task}. {body} tự giải thể sau khi hoàn thành nhiệm vụ.",
        f"Điều 3. Quyết định này có hiệu lực kể từ ngày ký. {facts.organiser}, các đơn vị liên quan và các ông, bà "
        "có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.",
    ]
    return _decision(what, lines, facts)


def _decision(what: str, lines: Sequence[str], facts: PaperFacts) -> dict[str, Any]:
    return {
        "kind": "Quyết định",
        "sign": "QĐ-",
        "abstract": f"Về việc {what}",
        "grounds": "\n".join(
            [
                f"Căn cứ {_DOTS} quy định chức năng, nhiệm vụ, quyền hạn của {facts.organiser};",
                f"Căn cứ Kế hoạch tổ chức {facts.contest};",
                f"Xét đề nghị của {_DOTS}.",
            ]
        ),
        "body": "\n".join(lines),
        "recipients": "Như Điều 3",
    }
