"""Pages that need no network, and pictures with labels that can be read."""

import re
import shutil
import subprocess

from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

import incentives

from incentives.costing import picture
from incentives.costing.page import page
from incentives.costing.report import Bars, Report, Shown
from tests.support.costs import DAY, FIRMS, book

CHROMIUM = shutil.which("chromium")
#: The first bytes of every PNG.
PNG = b"\x89PNG\r\n\x1a\n"
RESULTS = ("cost", "comparison", "upcoming")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    rules = book(tmp_path_factory.mktemp("pack"))
    reform = rules.amend("equipment", cap="8万元")
    return {
        "cost": incentives.cost(FIRMS, rules, as_of=DAY),
        "comparison": incentives.compare(rules, reform, FIRMS, as_of=DAY),
        "upcoming": incentives.upcoming(FIRMS, rules, as_of=DAY, days=190),
    }


@pytest.fixture(scope="module")
def pages(
    results: dict[str, Shown], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    return {name: results[name].to_html(folder / f"{name}.html") for name in RESULTS}


class _Fetched(HTMLParser):
    """Everything that a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.fetched += [
            f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "data"}
        ]


class TestPages:
    """`to_html()`"""

    @pytest.mark.parametrize("name", RESULTS)
    def test_no_network(self, pages: dict[str, Path], name: str) -> None:
        """A page refers to nothing outside of itself, and brings its scripts along."""
        text = pages[name].read_text("utf-8")
        parser = _Fetched()
        parser.feed(text)
        assert parser.fetched == []
        assert parser.scripts
        assert not re.search(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", text)
        assert "@import" not in text

    def test_words(self, pages: dict[str, Path]) -> None:
        """Chinese by default, with the sums, every table, and months as well."""
        text = pages["cost"].read_text("utf-8")
        assert '<html lang="zh-Hans">' in text
        assert "<td>20万元至35万元</td>" in text
        assert "<h2>按事项发生月份</h2>" in text
        assert '<td class="sum">15万元</td>' in text

    def test_english(self, results: dict[str, Shown], tmp_path: Path) -> None:
        """The same in English."""
        text = results["cost"].to_html(tmp_path / "page.html", "en").read_text("utf-8")
        assert '<html lang="en">' in text
        assert "<h2>By month of the event</h2>" in text

    def test_texts_are_escaped(self) -> None:
        """What stands in a pack is never markup."""
        chart = Bars("by-rule", "t", "a", (("</script><b>", Decimal(1)),))
        report = Report("zh", "<i>", (("<b>", "&"),), ("<u>",), (), (chart,))
        text = page(report)
        assert "<i>" not in text
        assert "</script><b>" not in text
        assert "没有数据。" in text

    def test_nothing_to_draw(self, tmp_path: Path) -> None:
        """Of nothing there is a page without charts."""
        found = incentives.cost([], book(tmp_path), as_of=DAY)
        text = found.to_html(tmp_path / "page.html").read_text("utf-8")
        assert "<script" not in text


class TestBrowser:
    """The charts as a browser draws them."""

    @pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
    @pytest.mark.parametrize("name", RESULTS)
    def test_charts_are_drawn(
        self, pages: dict[str, Path], name: str, tmp_path: Path
    ) -> None:
        """Every chart has bars, and no error is told."""
        done = subprocess.run(  # noqa: S603  # our own page
            [
                str(CHROMIUM),
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                *("--no-first-run", "--disable-background-networking"),
                *("--disable-component-update", "--disable-sync"),
                # Whatever the page asked the network for would fail, and be told.
                *("--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr"),
                f"--user-data-dir={tmp_path}",
                "--virtual-time-budget=10000",
                "--dump-dom",
                pages[name].as_uri(),
            ],
            capture_output=True,
            check=True,
            timeout=120,
        )
        assert b"CONSOLE" not in done.stderr
        dom = done.stdout.decode()
        # The scripts themselves know these words.
        drawn = re.sub(r"<script.*?</script>", "", dom, flags=re.DOTALL)
        assert re.search(r'<svg[^>]*class="marks"', drawn)
        charts = {"cost": 4, "comparison": 3, "upcoming": 2}[name]
        assert len(re.findall(r"concat_\d+_marks", drawn)) >= charts
        assert re.search(r'aria-roledescription="bar"[^>]*d="M', drawn)
        assert not re.search("Error|vega-error|undefined", drawn)


class TestPictures:
    """`to_png()`"""

    def test_a_picture(self, results: dict[str, Shown], tmp_path: Path) -> None:
        """Every result is drawn."""
        for name, result in results.items():
            path = result.to_png(tmp_path / f"{name}.png")
            assert path.read_bytes().startswith(PNG)

    @pytest.fixture
    def labels(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Report], list[str]]:
        """The names in all charts that are drawn of a report."""

        def drawn(report: Report) -> list[str]:
            seen: list[str] = []

            def draw(axes: object, chart: Bars) -> None:
                seen.extend((chart.title, *(name for name, _ in chart.amounts)))

            monkeypatch.setattr(picture, "_draw", draw)
            picture.picture(report)
            return seen

        return drawn

    def test_no_chinese_font(
        self,
        results: dict[str, Shown],
        labels: Callable[[Report], list[str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Without a font labels are English, rules go by their ids, counties are one sum."""
        monkeypatch.setattr(picture, "chinese_font", lambda: None)
        assert picture.language("zh") == "en"
        found = labels(results["cost"].report("en"))
        assert found[:4] == ["By rule", "equipment", "plant", "By month of the event"]
        assert all(label.isascii() for label in found)
        at = found.index("By county")
        assert found[at : at + 3] == ["By county", "others (2)", "By chain"]

    def test_a_chinese_font(
        self,
        results: dict[str, Shown],
        labels: Callable[[Report], list[str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """With one they are Chinese."""
        # That the machine has none is no matter where nothing is written.
        monkeypatch.setattr(picture, "chinese_font", lambda: "DejaVu Sans")
        monkeypatch.setattr(picture.FigureCanvasAgg, "print_png", lambda *a, **k: None)
        assert picture.language("zh") == "zh"
        found = labels(results["cost"].report("zh"))
        assert found[:3] == ["按条款", "设备补助", "绿色工厂奖励"]
        assert "乙县" in found

    def test_which_font(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first of the fonts with Chinese that is installed is taken."""
        fonts = [type("Font", (), {"name": name}) for name in ("Arial", "SimHei")]
        monkeypatch.setattr(picture.fontManager, "ttflist", fonts)
        assert picture.chinese_font() == "SimHei"
        monkeypatch.setattr(picture.fontManager, "ttflist", fonts[:1])
        assert picture.chinese_font() is None

    def test_nothing_to_draw(self, tmp_path: Path) -> None:
        """Of nothing there is a picture that says so."""
        found = incentives.cost([], book(tmp_path), as_of=DAY)
        path = found.to_png(tmp_path / "nothing.png", "en")
        assert path.read_bytes().startswith(PNG)
