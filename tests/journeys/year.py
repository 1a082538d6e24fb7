"""One contest's year: who plays in it, and an account of every mail that was sent."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.journeys.house import House, local
from tests.journeys.visitor import Visitor

CONTEST_FILE = Path(__file__).with_name("journey-contest.json")
CODE = "VL-THU-2026"
CONTEST = "Cuộc thi Ý tưởng khởi nghiệp Miền sông nước 2026"
DEPARTMENT = "Sở Khoa học và Công nghệ"
SCHOOL = "Trường Đại học Cù Lao"
INCUBATOR = "Vườn ươm Cù Lao"
DAILY = "record_seal"
"""What the officer gets every day, whatever happens in a contest."""

CAST = {
    "admin": ("Phan Quốc Trị", "quan.tri@vinhlong.example"),
    "organiser": ("Trần Thị Thu Ngân", "thu.ngan@skhcn.example"),
    "officer": ("Nguyễn Văn Lập", "van.lap@skhcn.example"),
    "secretary": ("Võ Thị Kim Yến", "kim.yen@skhcn.example"),
    "chair": ("Đặng Minh Ân", "minh.an@giamkhao.example"),
    "judge1": ("Huỳnh Thị Bích Ơn", "bich.on@giamkhao.example"),
    "judge2": ("Lê Hoàng Phúc", "hoang.phuc@giamkhao.example"),
    "school": ("Trương Mỹ Lệ", "my.le@culao.example"),
    "manager": ("Ngô Tấn Đạt", "tan.dat@vuonuom.example"),
    "mentor": ("Sơn Thái Bình", "son.thai.binh@congty.example"),
    "lead1": ("Lâm Hoài Thảo", "hoai.thao@sv.example"),
    "member1": ("Kim Thị Sa Rây", "sa.ray@sv.example"),
    "lead2": ("Nguyễn Hữu Ân", "huu.an@sv.example"),
    "lead3": ("Phạm Thúy Hòa", "thuy.hoa@sv.example"),
}

IDEAS = {
    "lead1": ("Trạm đo mặn đầu mương", "Nông nghiệp công nghệ cao"),
    "lead2": ("Mứt cùi bưởi sấy dẻo", "Chế biến nông sản"),
    "lead3": ("Bè nổi trồng rau mùa lũ", "Nông nghiệp công nghệ cao"),
}


class Year:
    """The people of the year with their browsers, and which letters have been accounted for."""

    def __init__(self, house: House, newcomer: Any) -> None:
        """Begin in an empty installation; ``newcomer`` makes browsers."""
        self.house = house
        self.people: dict[str, Visitor] = {}
        self._newcomer = newcomer
        self._accounted = 0
        self.paths: dict[str, str] = {}

    def __getitem__(self, key: str) -> Visitor:
        """Return somebody of the cast at their browser."""
        if key not in self.people:
            name, email = CAST[key]
            self.people[key] = self._newcomer(name, email)
        return self.people[key]

    def stranger(self) -> Visitor:
        """Return somebody without an account at a new browser."""
        return self._newcomer("Người qua đường", "nguoi.la@example.com")  # type: ignore[no-any-return]

    def at(self, words: str) -> None:
        """Let it be ``2026-09-14 08:00``."""
        self.house.move_to(local(words))

    def posted(self, *expected: tuple[str, Iterable[str] | str]) -> None:
        """Assert that since the last time exactly these mails were sent: (kind, who got it), each once."""
        self.house.settled()
        letters = self.house.letters()
        wanted = Counter((kind, who) for kind, whom in expected for who in ([whom] if isinstance(whom, str) else whom))
        keys = {email: key for key, (_name, email) in CAST.items()}
        came = Counter((one.kind, keys.get(one.to, one.to)) for one in letters[self._accounted :] if one.kind != DAILY)
        assert came == wanted, f"too many: {came - wanted}\nmissing: {wanted - came}"
        twice = [key for key, count in Counter(one.key for one in letters).items() if count > 1]
        assert not twice, twice
        again = [row["dedupe_key"] for row in self.house.outbox("attempts > 1")]
        assert not again, again
        self._accounted = len(letters)
