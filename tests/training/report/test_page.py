"""The page shows what was measured, as it was measured."""

import json
from argparse import Namespace
from html.parser import HTMLParser

from PIL import Image

from clip_head.core.models import write_model_json
from clip_head.core.types import ModelCard
from clip_head.training.prompt_adherence.results import FILE
from clip_head.training.report import page


class Outline(HTMLParser):
    """Counts tags, and keeps texts and sources."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.sources: list[str] = []
        self.missed = 0

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.missed += ("class", "missed") in attrs
        self.sources += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.texts.append(data)


def test_the_page_holds_figures_pairs_and_pictures(tmp_path):
    models, out = tmp_path / "models", tmp_path / "out"
    (models / "mapping").mkdir(parents=True)
    card = ModelCard("mapping", "a <mapping>", "CC0-1.0", "made by a test")
    write_model_json(models / "mapping", card, {}, {"age & youth": 0.875}, [])
    out.mkdir()
    Image.new("RGB", (8, 8), "red").save(out / "prompts.jpg")
    opposites = [
        {"measure": "m", "more": "a <big> nose", "less": "=b", "unseen": True, "amount": 2.0, "found": [3.0, 5.0]},
        {"measure": "m", "more": "c", "less": "d", "unseen": False, "amount": 2.0, "found": [1.0, 1.0]},
    ]
    entry = {"asked": "happy", "words": "beaming", "found": ["happy", "sad"]}
    results = {"figures": {"opposites": 0.5}, "pairs": opposites, "expressions": [entry], "hair": [], "beards": []}
    (out / FILE).write_text(json.dumps(results))
    other = tmp_path / "other"
    other.mkdir()
    (other / FILE).write_text(json.dumps(results | {"figures": {"opposites": 0.125}}))
    page.run(Namespace(models=models, out=out, compare=[f"images only={other}"]))
    outline = Outline()
    outline.feed((out / "index.html").read_text(encoding="utf-8"))
    assert {"a <mapping>", "age & youth", "0.875", "a <big> nose", "b", "4.000", "3.000", "happy, sad"} <= set(
        outline.texts
    )
    assert {"images only", "0.125"} <= set(outline.texts)
    assert outline.missed == 2, "the pair that moved too little, and the wording that was mistaken"
    assert outline.tags.count("rect") == 2
    assert all(source.startswith("data:image/jpeg;base64,") for source in outline.sources), "nothing is loaded"
    assert len(outline.sources) == 1


def test_nothing_measured_is_an_empty_page(tmp_path):
    page.run(Namespace(models=tmp_path / "none", out=tmp_path / "out", compare=[]))
    assert "<table" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
