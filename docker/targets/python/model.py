"""The text classifier that the servers in all languages have, and what is wrong with a text."""

import json
import os
import re
from pathlib import Path

# The shared folder with the model and the proto; an image sets it.
PROTOS = Path(os.environ.get("PROTOS") or Path(__file__).parent / "../../../protos")

# Bytes of UTF-8. Longer texts are refused: they are no sentences to classify, and would measure the network.
MAX_TEXT_LENGTH = 16_384

# ASCII's only: str.split() and str.strip() would take the blanks of all scripts.
_BLANKS = " \t\r\n"
_word = re.compile("[A-Za-z0-9]+")
_part = re.compile(f"[^{_BLANKS}]+")


class Model:
    """A linear classifier: the weights of all words of a text are added up for each category.

    Whole numbers only, so that no language rounds differently.
    """

    def __init__(self, path: Path = PROTOS / "text-model.json") -> None:
        content = json.loads(path.read_text(encoding="utf-8"))
        self._count = len(content["categories"])
        self._words = {
            word: [(int(category), weight) for category, weight in weights.items()]
            for word, weights in content["words"].items()
        }

    def predict(self, text: str) -> int:
        """The category with the greatest sum, of equal ones the smallest; 0 if no word is known.

        Words are runs of ASCII letters and digits, in whatever case.
        """
        sums = [0] * self._count
        for word in _word.findall(text):
            for category, weight in self._words.get(word.lower(), ()):
                sums[category] += weight
        return sums.index(max(sums))


def problem_of(text: object) -> str | None:
    """Why a text cannot be classified, for the client; None if it can."""
    if not isinstance(text, str):
        return "text must be a string"
    if not text.strip(_BLANKS):
        return "text must not be empty"
    # A lone surrogate, which JSON can carry, counts as the character that replaces it elsewhere: three bytes too.
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_LENGTH:
        return f"text must not be longer than {MAX_TEXT_LENGTH} bytes"
    return None


def words_of(text: str) -> list[str]:
    """The parts of a text between blanks."""
    return _part.findall(text)
