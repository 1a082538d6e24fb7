"""Vietnamese proposals in any number, and ways of copying one: for measuring only.

Clauses come from the demonstration's real answers; in each, words are exchanged for others of the same texts, so that
two proposals share about what two teams share by chance. Every proposal repeats sentences of the form's template, and
some quote the same paragraph of a decision.
"""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from compapp.core.text import fold
from compapp.demo import content

TEMPLATE = (
    "Chúng tôi cam kết ý tưởng này do chính các thành viên trong đội nghĩ ra và chịu trách nhiệm về nội dung đã nêu.",
    "Sự cần thiết của ý tưởng xuất phát từ thực trạng sản xuất và đời sống của người dân tại địa phương.",
    "Khách hàng mục tiêu của dự án được chia thành ba nhóm theo độ tuổi, thu nhập và thói quen tiêu dùng.",
    "Mô hình kinh doanh được trình bày theo chín ô của khung mô hình kinh doanh tinh gọn.",
    "Dự án góp phần tạo việc làm cho thanh niên nông thôn, bảo vệ môi trường và phát triển kinh tế địa phương.",
    "Trong năm đầu tiên, đội dự kiến hoàn thiện sản phẩm mẫu, thử nghiệm với khách hàng và đăng ký sở hữu trí tuệ.",
    "Nguồn vốn ban đầu gồm vốn tự có của các thành viên, hỗ trợ của nhà trường và giải thưởng của cuộc thi.",
    "Rủi ro chính của dự án là biến động giá nguyên liệu, đối thủ cạnh tranh và kinh nghiệm quản lý còn hạn chế.",
    "Đội thi kính mong ban giám khảo xem xét và góp ý để ý tưởng được hoàn thiện hơn.",
)
QUOTE = (
    "Theo Quyết định của Ủy ban nhân dân tỉnh, hệ sinh thái khởi nghiệp đổi mới sáng tạo được xây dựng nhằm khơi dậy "
    "tinh thần khởi nghiệp trong học sinh, sinh viên, kết nối nhà trường với doanh nghiệp, vườn ươm và quỹ đầu tư, "
    "để mỗi năm có ít nhất mười ý tưởng được hỗ trợ thương mại hóa trên địa bàn."
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class Writer:
    """Writes proposals of about two pages; the same seed writes the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        texts = [
            value
            for found in sorted((Path(content.__file__).parent / "written").iterdir(), key=lambda one: one.name)
            if found.name.endswith(".json")
            for value in json.loads(found.read_text("utf-8")).values()
            if isinstance(value, str) and len(value) > 120
        ]
        self.clauses = [clause.split() for text in texts for clause in re.split(r"[.,;:!?]\s+", text)]
        self.clauses = [clause for clause in self.clauses if 5 <= len(clause) <= 30]
        self.vocabulary = [word for clause in self.clauses for word in clause]

    def proposal(self, words: int = 900) -> str:
        """Return one proposal: own sentences, sentences of the template, now and then a quotation."""
        said = [self.sentence() for _line in range(words // 22)]
        said += self.dice.sample(TEMPLATE, 7)
        self.dice.shuffle(said)
        if self.dice.random() < 0.03:
            said.insert(self.dice.randrange(len(said)), QUOTE)
        return " ".join(said)

    def sentence(self) -> str:
        """Return one sentence of its own."""
        chosen = [self._varied(clause) for clause in self.dice.sample(self.clauses, 2)]
        sentence = ", ".join(" ".join(clause) for clause in chosen)
        return sentence[0].upper() + sentence[1:] + "."

    def _varied(self, clause: list[str]) -> list[str]:
        return [self.dice.choice(self.vocabulary) if self.dice.random() < 0.35 else word for word in clause]

    def reordered(self, text: str) -> str:
        """Return the sentences in another order."""
        sentences = _SENTENCE.split(text)
        self.dice.shuffle(sentences)
        return " ".join(sentences)

    def unmarked(self, text: str) -> str:
        """Return the text without diacritics, in lower case."""
        return fold(text)

    def reworded(self, text: str, share: float = 0.3) -> str:
        """Return the text with ``share`` of its words (of one or two syllables) exchanged for others."""
        words = text.split()
        left = int(len(words) * share)
        touched: set[int] = set()
        while len(touched) < left:
            at = self.dice.randrange(len(words))
            for place in range(at, min(len(words), at + self.dice.choice((1, 2, 2)))):
                end = words[place][-1] if words[place][-1] in ".,;" else ""
                words[place] = self.dice.choice(self.vocabulary).strip(".,;") + end
                touched.add(place)
        return " ".join(words)

    def all_of_it(self, text: str) -> str:
        """Return the text reordered, reworded and without diacritics."""
        return self.unmarked(self.reworded(self.reordered(text)))

    def ways(self) -> dict[str, Callable[[str], str]]:
        """Return the ways of copying by name."""
        return {
            "sentences reordered": self.reordered,
            "diacritics removed": self.unmarked,
            "30 % of the words reworded": self.reworded,
            "all three": self.all_of_it,
        }
