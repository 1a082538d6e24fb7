"""Who plays: everybody of the sample, and the people behind schools, clubs, incubators and the platform.

All of them are made up. Those of ``ACCOUNTS`` can sign in; the others act in the story and have no password.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from compapp.core.text import fold, given_name

DOMAIN = "demo.example"
PASSWORD = "demo-2026"  # noqa: S105 - it stands in the README; production refuses to start with these accounts

SECOND = "YTX"
"""The prefix of keys of the second, small contest."""

ACCOUNTS: Mapping[str, str] = {
    "student": "S01-1",
    "member": "S01-2",
    "judge": "J02",
    "chair": "J01",
    "secretary": "TK01",
    "organiser": "organiser",
    "school": "rep-I01",
    "club": "manager-C01",
    "incubator": "manager-IN1",
    "mentor": "M02",
    "officer": "officer",
    "admin": "admin",
    "student2": f"{SECOND}-1-1",
    "judge2": f"{SECOND}-J02",
    "organiser2": "organiser2",
}
"""The role that a visitor chooses → the key of the person who plays it."""

_OFFICES: Mapping[str, str] = {
    "organiser": "Lê Thị Hoài Thương",
    "organiser2": "Phan Ngọc Diễm My",
    "officer": "Trương Minh Khang",
    "admin": "Quách Gia Bảo",
    "advisor-S01": "Hồ Văn Thành Tựu",
    "rep-I01": "Thạch Thị Mỹ Lệ",
    "rep-I02": "Đoàn Hữu Phước",
    "rep-I03": "Lưu Kim Hương",
    "rep-I04": "Trịnh Công Lý",
    "rep-I05": "Bùi Thảo Nguyên",
    "rep-I06": "Cao Hoàng Anh",
    "rep-I07": "Mai Xuân Trường",
    "rep-I08": "Nguyễn Thị Bé Ba",
    "rep-I09": "Đinh Văn Tám",
    "rep-I10": "Kiên Thị Sa Rây",
    "rep-I11": "Huỳnh Ngọc Lan",
    "advisor-C01": "Ngô Thị Thanh Trúc",
    "manager-C01": "Dương Thị Cẩm Tiên",
    "manager-C02": "Tô Nhật Hào",
    "manager-C03": "La Mỹ Duyên",
    "manager-C04": "Phùng Chí Kiên",
    "manager-C05": "Vương Thị Thu",
    "manager-IN1": "Đỗ Trọng Nhân",
    "manager-IN2": "Hứa Thanh Tùng",
    "manager-IN3": "Âu Dương Hiếu",
    "manager-IN4": "Châu Thị Tuyết",
    "manager-IN5": "Lương Hải Đăng",
    "appeals": "Tạ Thanh Bình",
}


@dataclass(frozen=True)
class Player:
    """One person: the key by which the story calls them, name, birthday where it matters, and address."""

    key: str
    name: str
    born: date | None
    email: str

    @property
    def account(self) -> str | None:
        """The role under which a visitor signs in as this person, if any."""
        return next((role for role, key in ACCOUNTS.items() if key == self.key), None)


def players(document: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Player]:
    """Yield everybody once; somebody in both contests is the player of the large one."""
    for key, name in _OFFICES.items():
        yield _player(key, name)
    for section in ("judges", "secretaries", "mentors"):
        for item in document[section]:
            yield _player(item["code"], item["name"])
    for item in second["judges"]:
        yield _player(f"{SECOND}-{item['code']}", item["name"])
    for key, member in team_members(document, second):
        yield _player(key, member["name"], date.fromisoformat(member["born"]))


def team_members(document: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield key and facts of every team member once."""
    seen: set[tuple[str, str]] = set()
    for prefix, entries in (("", document["entries"]), (f"{SECOND}-", second["entries"])):
        for number, entry in enumerate(entries, start=1):
            for place, member in enumerate(entry["members"], start=1):
                person = (member["name"], member["born"])
                if person in seen:
                    continue
                seen.add(person)
                yield f"{prefix}{number if prefix else entry['code']}-{place}", member


def keys_of_team(entry: Mapping[str, Any], document: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return the keys of a team's members, the lead first."""
    known = {(member["name"], member["born"]): key for key, member in team_members(document, second)}
    return [known[member["name"], member["born"]] for member in entry["members"]]


def _player(key: str, name: str, born: date | None = None) -> Player:
    role = next((role for role, wanted in ACCOUNTS.items() if wanted == key), None)
    address = role or f"{fold(given_name(name))}.{key.lower()}"
    return Player(key, name, born, f"{address}@{DOMAIN}")
