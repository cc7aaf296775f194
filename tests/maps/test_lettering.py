from pathlib import Path

import pytest
from matplotlib import font_manager

from gisgov.errors import ProgramMissing
from maps.lettering import Lettering, find_family, pieces


def test_a_chinese_sheet_needs_a_chinese_font() -> None:
    with pytest.raises(ProgramMissing, match=r"fonts-noto-cjk.*--language en"):
        Lettering("zh", families=("No Such Font",))


def test_an_english_sheet_does_without() -> None:
    lettering = Lettering("en", families=("No Such Font",))
    assert lettering.can_write("Grid 7")
    assert not lettering.can_write("网格 7")
    assert lettering.writable("网格 7\n<b>") == "?? 7 <b>"


def test_the_first_family_there_is_wins() -> None:
    assert find_family(("No Such Font", "DejaVu Serif", "DejaVu Sans")) == "DejaVu Serif"


def test_fonts_installed_since_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    manager = font_manager.FontManager.__new__(font_manager.FontManager)
    manager.__dict__.update(font_manager.fontManager.__dict__)
    serif = [entry for entry in manager.ttflist if entry.name == "DejaVu Serif"]
    manager.ttflist = [entry for entry in manager.ttflist if entry.name != "DejaVu Serif"]
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "fontManager", manager)
    monkeypatch.setattr(
        font_manager, "findSystemFonts", lambda: [str(broken), *(entry.fname for entry in serif)]
    )
    assert find_family(("DejaVu Serif",)) == "DejaVu Serif"


def test_text_is_cut_to_its_room() -> None:
    lettering = Lettering("en", families=())
    assert lettering.fitted("short", 10, 100) == "short"
    cut = lettering.fitted("a text that is far too long for its room", 10, 30)
    assert cut.endswith("…")
    assert lettering.width_mm(cut, 10) <= 30
    assert lettering.width_mm(cut[:-1] + "abc…", 10) > 30


def test_lines_break_between_words_and_chinese_characters() -> None:
    lettering = Lettering("en", families=())
    text = "one two three four five"
    lines = lettering.lines(text, 10, 20)
    assert len(lines) > 1
    assert " ".join(lines) == text
    assert all(lettering.width_mm(line, 10) <= 20 for line in lines)
    assert lettering.lines("", 10, 20) == []


def test_marks_do_not_stand_alone() -> None:
    assert pieces("面积（按投影），m² of 4") == ["面", "积", "（按", "投", "影），", "m² ", "of ", "4"]
