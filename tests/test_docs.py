"""What the repository says of itself is true: links, files, modules, stages, options, versions, figures, workflows."""

import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

import clip_head
from clip_head.wheels.targets import read_targets

ROOT = Path(clip_head.__file__).resolve().parent
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / ".github").glob("*.md")])
TRAINING = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

#: Folders that commands make; what is said of their insides cannot be looked up in a bare clone.
MADE = {"out", "dist", ".venv"}
#: An option as the documentation writes it.
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

every_doc = pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))


def code_of(text: str) -> list[str]:
    """Everything set as code in Markdown: lines of indented blocks, and spans."""
    blocks = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    prose = "\n".join(line for line in text.splitlines() if not line.startswith("    "))
    return blocks + re.findall(r"`([^`]+)`", prose)


def anchors(text: str) -> set[str]:
    """What headings are called in links."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def calls_of(command: str) -> list[tuple[str, set[str]]]:
    """Each NAME and its options in the lines `COMMAND NAME --option ...` of all documents."""
    lines = [line.split("#")[0] for doc in DOCS for line in code_of(doc.read_text(encoding="utf-8"))]
    found = [re.search(rf"{re.escape(command)} ([a-z_]+)(.*)", line) for line in lines]
    return [(match[1], set(OPTION.findall(match[2]))) for match in found if match]


@every_doc
def test_links_lead_somewhere(doc: Path) -> None:
    text = doc.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (doc.parent / name).resolve() if name else doc
        assert target.exists(), link
        assert target.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), link


@every_doc
def test_files_that_are_named_exist(doc: Path) -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - MADE
    missing = []
    for code in code_of(doc.read_text(encoding="utf-8")):
        for name in re.findall(r"(?<![\w./\\-])[\w.*-]+(?:/[\w.*-]*)+", code):
            parts = name.strip("/").split("/")
            if parts[0] in folders:
                pattern = "/".join("*" if part == "X" else part for part in parts)
                missing += [] if any(ROOT.glob(pattern)) else [name]
    assert not missing


@every_doc
def test_files_at_the_top_that_are_named_exist(doc: Path) -> None:
    names = [
        name
        for code in code_of(doc.read_text(encoding="utf-8"))
        for name in re.findall(
            r"(?<![\w./-])(?:\./\w+|[A-Z_]+\.(?:md|cff)|[\w-]+\.toml|requirements[\w-]*\.txt)\b", code
        )
    ]
    assert [name for name in names if not (ROOT / name).exists()] == []


@every_doc
def test_modules_that_are_named_exist(doc: Path) -> None:
    text = "\n".join(code_of(doc.read_text(encoding="utf-8")))
    for module in re.findall(r"python -m ([\w.]+)", text):
        ours = (ROOT / module.partition(".")[0]).is_dir()
        assert find_spec(f"clip_head.{module}" if ours else module), module
    for module, names in re.findall(r"from (clip_head[\w.]*) import ([\w, ]+)", text):
        assert [name for name in names.split(", ") if not hasattr(import_module(module), name)] == []


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 130


def test_readme_names_every_option_of_run_and_no_other() -> None:
    ran = subprocess.run([sys.executable, str(ROOT), "--help"], capture_output=True, text=True, check=True)
    table = re.findall(r"^\| `--.*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(OPTION.findall("\n".join(table))) == set(OPTION.findall(ran.stdout)) - {"--help"}


def test_options_of_the_test_script_exist() -> None:
    said = {option for doc in DOCS for option in re.findall(r"\./test (--[a-z-]+)", doc.read_text(encoding="utf-8"))}
    script = (ROOT / "test").read_text(encoding="utf-8")
    assert said
    assert {option for option in said if option not in script} == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "module"), [("training", "training.__main__"), ("training.evaluate", "training.evaluate")]
)
def test_stages_and_their_options_exist(program: str, module: str, capsys: pytest.CaptureFixture[str]) -> None:
    main = import_module(f"clip_head.{module}").main

    @cache
    def options_of(name: str) -> set[str]:
        """Those that the help of `name` shows; none where there is no such name."""
        with pytest.raises(SystemExit):
            main([name, "--help"])
        return set(OPTION.findall(capsys.readouterr().out))

    calls = calls_of(f"python -m {program}")
    assert calls
    if program == "training":  # the table of options in docs/training.md is that of all stages at once
        calls.append(("all", set(re.findall(r"^\| `(--[a-z-]+)` \|", TRAINING, re.MULTILINE))))
    assert [(name, options) for name, options in calls if not {"--help", *options} <= options_of(name)] == []


def test_every_stage_and_evaluation_is_described() -> None:
    from clip_head.training.__main__ import STAGES
    from clip_head.training.evaluate import MODELS

    words = set(re.findall(r"\w+", " ".join(code_of(TRAINING))))
    assert (STAGES.keys() | MODELS.keys()) - words == set()


def test_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    extension = tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))["version"]
    released = re.findall(
        r"^## \[(\d[^\]]*)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert project == extension == released[0][0] == citation["version"]
    assert released[0][1] == str(citation["date-released"])


def test_figures_are_those_of_the_weights() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| ([\d.]+) \|$", TRAINING, re.MULTILINE)
    assert len(rows) > 10
    for model, name, shown in rows:
        card = json.loads((ROOT / "weights" / "embedded" / model / "model.json").read_text(encoding="utf-8"))
        figures = card["figures"] | card["figures"].get("obedience", {})
        assert shown == f"{figures[name]:.{len(shown.partition('.')[2])}f}", (model, name)


def test_ruff_is_pinned_alike_for_tests_and_for_commits() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    pins = re.findall(r"^ruff==\S+", (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert [hook["additional_dependencies"] for hook in hooks] == [pins, pins]
    assert [hook["entry"].split()[:2] for hook in hooks] == [["ruff", "format"], ["ruff", "check"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_run_what_exists(workflow: Path) -> None:
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    script = "\n".join(step["run"] for job in jobs.values() for step in job["steps"] if "run" in step)
    files = re.findall(r"(?<![\w./\\-])(?:\./(?:run|test)|\w+/\w+\.py|\w+\.toml|requirements[\w-]*\.txt)\b", script)
    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []
    for module, words, options in re.findall(r"-m wheels\.(\w+)((?: \w[\w-]*)*)(.*)", script):
        assert set(words.split()) <= {*read_targets(), "plain", "index"}
        source = (ROOT / "wheels" / f"{module}.py").read_text(encoding="utf-8")
        assert [option for option in OPTION.findall(options) if f'"{option}"' not in source] == []


def test_all_parts_run_on_three_systems() -> None:
    (job,) = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))["jobs"].values()
    assert {name.partition("-")[0] for name in job["strategy"]["matrix"]["os"]} == {"ubuntu", "macos", "windows"}
    assert "./test" in [step.get("run") for step in job["steps"]]


@pytest.mark.parametrize("form", ["bug", "feature", "words"])
def test_issue_forms_ask_each_thing_once(form: str) -> None:
    parsed = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml").read_text(encoding="utf-8"))
    fields = [field["id"] for field in parsed["body"]]
    assert parsed["name"] and parsed["description"]
    assert len(fields) == len(set(fields))
    assert any(field.get("validations", {}).get("required") for field in parsed["body"])
