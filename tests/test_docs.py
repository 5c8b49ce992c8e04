"""Every code block of the documentation is run, page by page, beside the examples alone."""

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from worktrial.cli.main import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LONG = {
    ROOT / "docs" / "how-to" / f"{name}.md"
    for name in (
        "protocols",
        "scale",
        "office",
        "report",
        "search",
        "reasoning",
        "audit",
        "workers",
        "compare",
        "conduct",
        "trend",
    )
}
"""Their commands take ten seconds and more; the e2e tests give others like them."""
HOME = ROOT / "docs" / "index.md"
"""Its commands are started as a reader starts them; a process for every page's takes minutes."""
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"python", "sh", "text", "json", ""}
EXAMPLE = ROOT / "docs" / "example" / "report.html"
"""Made with the site."""
GAPS = {
    "horizon": "horizon",
    "specification": "search",
    "dimension": "office",
    "conduct": "conduct",
    "protocol": "protocols",
    "memorisation": "audit",
    "instruction": "ablate",
    "trace": "reasoning",
}
"""Each with the page that says how it is measured."""


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=pytest.mark.slow if page in LONG else ()) for page in PAGES],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_code_block_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSPECT_LOG_DIR", str(tmp_path / "logs"))
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    names: dict[str, object] = {}
    for language, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        assert language in LANGUAGES, f"{language!r} blocks would not be tested"
        if language == "python":
            exec(compile(code, str(page), "exec"), names)
        elif language == "sh":
            for line in code.splitlines():
                shell(line, apart=page == HOME)


def shell(line: str, *, apart: bool) -> None:
    """Run a command of ours, in this process if not apart; of make, see that it has the target."""
    words = shlex.split(line, comments=True)
    if not words:
        return
    if words[0] == "make":
        rules = (ROOT / "Makefile").read_text()
        assert all(re.search(rf"^{target}:", rules, re.MULTILINE) for target in words[1:])
        return
    if words[0] == "worktrial" and not apart:
        with pytest.raises(SystemExit) as left:
            main(words[1:])
        assert not left.value.code
        return
    tool = Path(sys.executable).with_name(words[0])
    assert tool.name in ("worktrial", "inspect"), f"nobody tests {words[0]!r}"
    done = subprocess.run([tool, *words[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            found = page.parent / target
            assert found.exists() or found == EXAMPLE, f"{page.name} → {target}"


@pytest.mark.parametrize(("gap", "page"), GAPS.items())
def test_every_gap_has_a_page_that_names_it(gap: str, page: str) -> None:
    index = (ROOT / "docs" / "how-to" / "gaps.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| \*\*{gap}\*\* .*$", index, re.MULTILINE)
    assert f"({page}.md)" in row
    text = (ROOT / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    assert re.search(rf"\*\*{gap}\s+gap\*\*", text)


@pytest.fixture(scope="module")
def build() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs"))
        yield importlib.import_module("build")


def test_the_reference_of_commands_is_what_help_says(build: ModuleType) -> None:
    written = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert written == build.command_reference(), "write it again with: make docs"


def test_the_list_of_domains_is_what_they_say(build: ModuleType) -> None:
    written = (ROOT / "docs" / "reference" / "domains.md").read_text(encoding="utf-8")
    assert written == build.domain_pages.index(), "write it again with: make docs"


def test_the_published_protocols_are_shown_as_they_are(build: ModuleType) -> None:
    written = (ROOT / "docs" / "reference" / "protocols.md").read_text(encoding="utf-8")
    assert written == build.cards.page(), "write it again with: make docs"


def test_the_published_schemas_are_what_is_read(build: ModuleType) -> None:
    assert set(build.SCHEMAS) == {
        "conduct", "conduct-map", "findings", "policy", "protocol", "registration",
    }  # fmt: skip
    for name in build.SCHEMAS:
        path = ROOT / "docs" / "reference" / f"{name}.schema.json"
        assert path.read_text(encoding="utf-8") == build.json_schema(name), "make docs"


def test_every_page_is_in_the_navigation_once(build: ModuleType) -> None:
    listed = [
        name for parts in build.NAVIGATION.values() for names in parts.values() for name in names
    ]
    written = (page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md"))
    assert sorted(listed) == sorted(str(page.with_suffix("")) for page in written)


class Seen(HTMLParser):
    """What a page of the site has: ids, links, what it loads, and its tags."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.marked: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [has["id"]] if "id" in has else []
        self.loads += [has[name] for name in ("src", "srcset", "data", "poster") if name in has]
        if "href" in has:
            (self.links if tag == "a" else self.loads).append(has["href"])
        if tag == "a" and has.get("aria-current") == "page":
            self.marked.append(has["href"])


Site = Mapping[Path, Seen]


@pytest.fixture(scope="module")
def site(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The built site, by page; of the example only that it is asked for."""
    folder = tmp_path_factory.mktemp("site")

    def write(target: Path) -> None:
        target.parent.mkdir()
        target.write_text("<!doctype html><h1>Example</h1>", encoding="utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build.example_run, "write", write)
        build.build(folder, example=True)
    return {page: Seen(page) for page in folder.rglob("*.html") if page.parent.name != "example"}


@pytest.mark.xdist_group("site")
def test_links_and_anchors_of_the_site_lead_somewhere(site: Site) -> None:
    for page, seen in site.items():
        assert len(seen.ids) == len(set(seen.ids)), page
        for link in seen.links:
            if link.startswith(("http://", "https://")):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), f"{page} → {link}"
            assert not anchor or anchor in site[target].ids, f"{page} → {link}"


@pytest.mark.xdist_group("site")
def test_every_page_of_the_site_can_be_reached_from_its_home(site: Site) -> None:
    (home,) = (page for page in site if page.name == "index.html")
    reached, ahead = set[Path](), {home}
    while ahead:
        page = ahead.pop()
        reached.add(page)
        links = ((page.parent / link.partition("#")[0]).resolve() for link in site[page].links)
        ahead |= {link for link in links if link in site} - reached
    assert reached == set(site)


@pytest.mark.xdist_group("site")
def test_the_site_runs_no_script_and_asks_no_other_host(site: Site) -> None:
    for page, seen in site.items():
        assert not {"script", "iframe", "object", "embed"} & set(seen.tags), page
        for load in seen.loads:
            assert load == "data:," or (page.parent / load).is_file(), f"{page} loads {load}"
    (home,) = (page for page in site if page.name == "index.html")
    assert not re.search(r"@import|url\(", (home.parent / "style.css").read_text())


@pytest.mark.xdist_group("site")
def test_a_page_has_one_title_and_is_marked_in_the_navigation(site: Site) -> None:
    for page, seen in site.items():
        assert seen.tags.count("h1") == seen.tags.count("main") == 1, page
        (marked,) = seen.marked
        above = {"api": "python.html", "domains": "domains.html"}
        names = [above[part] for part in page.parts if part in above]
        marked_page = (page.parent / marked).resolve()
        assert marked_page.name == names[0] if names else marked_page == page, page


@pytest.mark.xdist_group("site")
def test_methods_can_be_linked_to_by_what_they_say(site: Site) -> None:
    (paired,) = (seen for page, seen in site.items() if page.name == "paired.html")
    assert {"estimand", "formula", "when-it-misleads"} <= set(paired.ids)


@pytest.mark.xdist_group("site")
def test_every_public_module_has_a_page_with_its_functions(site: Site, build: ModuleType) -> None:
    pages = {str(page).partition("/reference/")[2]: seen for page, seen in site.items()}
    for name in build.interface.MODULES:
        module = importlib.import_module(name)
        seen = pages[build.interface.address(name)]
        assert set(getattr(module, "__all__", ())) <= set(seen.ids), name


def test_sections_are_named_as_github_names_them(build: ModuleType) -> None:
    source = "# Title\n\n## What `x` is, in *short*\n\n## A\n\n**Formula.** f.\n\n## A\n"
    text = build.render(source, modules={})
    assert text.title == "Title"
    found = [section.anchor for section in text.sections]
    assert found == ["what-x-is-in-short", "a", "formula", "a-1"]
    assert 'id="formula"' in text.html
    assert [section.anchor for section in text.contents] == ["what-x-is-in-short", "a", "a-1"]


def test_links_lead_to_pages_and_modules(build: ModuleType) -> None:
    source = (
        "# T\n\n[a](b/c.md#d) [e](https://f.org/g.md) [h](i.json) `pkg.mod` [`pkg.mod`](j.md)\n"
    )
    html = build.render(source, modules={"pkg.mod": "api/mod.html"}).html
    assert re.findall('href="([^"]+)"', html) == [
        "b/c.html#d",
        "https://f.org/g.md",
        "i.json",
        "api/mod.html",
        "j.html",
    ]


def test_what_a_page_says_is_escaped(build: ModuleType) -> None:
    html = build.render("# T\n\n<b>x</b>\n\n```text\n<i>&\n```\n", modules={}).html
    assert "<b>" not in html
    assert "&lt;i&gt;&amp;" in html


def test_the_example_is_a_run_over_all_gaps(build: ModuleType, tmp_path: Path) -> None:
    words = build.example_run.command(tmp_path)
    context = build.commands.commands["run"].make_context("run", words[1:])
    asked = context.params
    assert set(build.example_run.TRIALS) == {"relay", "search", "office", "reasoning"}
    assert asked["audit"]
    assert asked["ablate"]
    assert len(build.example_run.ARMS) > 1
    page = (ROOT / "docs" / "example.md").read_text(encoding="utf-8")
    assert all(worker in page for worker in build.example_run.WORKERS)
    assert f"--items {build.example_run.ITEMS}" in page
