from decimal import Decimal
from io import BytesIO
from random import Random

import pytest
from dockerfile_parse import DockerfileParser

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

DOCKER = domain("docker")
APP = """\
# syntax=docker/dockerfile:1
FROM python:3.11-slim AS compile
ENV LOG_LEVEL info
RUN apt-get update \\
    # for the reports
    && apt-get install -y jq

from compile
COPY --from=compile --chown=app:staff /src /dist/ /opt/
EXPOSE 8080/tcp
USER app
CMD ["/opt/api",  "serve"]
"""


def read(text: str = APP) -> Document:
    return DOCKER.parse({"app.dockerfile": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = DOCKER.read(instruction)
    assert program is not None
    return DOCKER.render(program(document))


def test_an_instruction_has_fields_and_running_text() -> None:
    units = read().files["app.dockerfile"]
    assert [u.kind for u in units] == [
        *("remark", "from", "env", "remark", "run", "from", "copy", "expose", "user", "cmd")
    ]
    assert units[1].fields == {"image": "python", "tag": "3.11-slim", "stage": "compile"}
    assert units[2].fields == {"name": "LOG_LEVEL", "value": "info"}
    assert units[4].text == "apt-get update && apt-get install -y jq"
    assert units[6].fields["sources"] == "/src /dist/"
    assert units[7].fields == {"port": Decimal(8080), "protocol": "tcp"}
    assert units[9].fields == {"exec": '["/opt/api", "serve"]'}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = DOCKER.generate(Random(seed), 800).values()
    theirs = DockerfileParser(fileobj=BytesIO(text.encode()))
    mine = list(DOCKER.parse({"app.dockerfile": text}).units())
    assert [s["instruction"].lower() for s in theirs.structure] == [u.kind for u in mine]
    commands = [" ".join(s["value"].split()) for s in theirs.structure if s["instruction"] == "RUN"]
    assert commands == [u.text for u in mine if u.kind == "run"]
    assert theirs.parent_images == [
        f"{u.fields['image']}:{u.fields['tag']}" for u in mine if u.kind == "from"
    ]


def test_a_stray_backslash_costs_its_line_alone() -> None:
    broken = read(APP.replace("USER app", "USER app \\"))
    assert likeness(read(), broken).lossless, "the next instruction ends it"
    assert likeness(read(), read(APP.replace("jq", "jq \\"))).lossless


def test_stages_are_renamed_with_all_references() -> None:
    (text,) = done(
        "Rename these build stages, with every `FROM` and every `--from` that refers to them: "
        "`compile` → `compile-base`.",
        read(),
    ).values()
    assert "AS compile-base\n" in text
    assert "FROM compile-base\n" in text
    assert "--from=compile-base " in text


def test_a_version_as_a_build_argument() -> None:
    (text,) = done(
        "Make the version of `python` in `app.dockerfile` a build argument: `ARG` "
        "`PYTHON_VERSION` with the default `3.11-slim` as the first instruction, and a reference "
        "to it, with a dollar sign and braces, for the tag `3.11-slim` of this image in the `FROM` "
        "lines.",
        read(),
    ).values()
    assert text.splitlines()[1:4] == [
        "ARG PYTHON_VERSION=3.11-slim",
        "",
        "FROM python:${PYTHON_VERSION} AS compile",
    ]


def test_commands_in_shell_form_and_owners_as_numbers() -> None:
    (text,) = done(
        "Write every `CMD` and `ENTRYPOINT` that is a JSON array in shell form: its words with a "
        "space between them. In `USER` and in every `--chown`, write users and groups "
        "differently: `app` → `10001`.",
        read(),
    ).values()
    assert text.endswith("USER 10001\nCMD /opt/api serve\n")
    assert "--chown=10001:staff" in text


def test_a_stage_in_a_file_of_its_own() -> None:
    files = done(
        "Move build stages of `app.dockerfile` into files of their own, each with all of its "
        "instructions: `compile` → `compile.dockerfile`. What belongs to no such stage stays.",
        read(),
    )
    assert files["app.dockerfile"].startswith("# syntax=docker/dockerfile:1\n\nFROM compile\n")
    assert files["compile.dockerfile"].startswith("FROM python:3.11-slim AS compile\n")


REAL = """\
FROM nginx:1.27 AS site
COPY --link --from=site --chown=app:staff /a /b/
COPY <<EOF /etc/nginx.conf
user nginx;

# 2 are enough
run && hide
EOF
RUN --mount=type=bind,from=site,target=/x make
"""


def test_a_here_document_is_text_of_its_instruction_to_the_letter() -> None:
    units = read(REAL).files["app.dockerfile"]
    assert [u.kind for u in units] == ["from", "copy", "copy", "run"]
    assert units[2].text.endswith("\nuser nginx;\n\n# 2 are enough\nrun && hide\nEOF")
    assert (
        "user nginx;\n\n# 2 are enough\nrun && hide\nEOF\n"
        in DOCKER.render(read(REAL))["app.dockerfile"]
    )


def test_a_flag_without_a_value_hides_no_other() -> None:
    assert read(REAL).files["app.dockerfile"][1].fields == {
        "link": True,
        "from": "site",
        "chown": "app:staff",
        "sources": "/a",
        "target": "/b/",
    }


def test_a_stage_that_a_mount_refers_to_is_not_renamed() -> None:
    assert "stage_names" not in [edit.name for edit in DOCKER.plan(read(REAL), Random(0))]
    assert "stage_names" in [edit.name for edit in DOCKER.plan(read(APP), Random(0))]
