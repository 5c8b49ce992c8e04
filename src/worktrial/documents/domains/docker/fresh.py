"""Fresh documents."""

import json
from collections.abc import Sequence
from random import Random

from worktrial.documents import content, table
from worktrial.documents.unit import Unit, Value

_IMAGES = ("python", "node", "golang", "debian", "alpine", "ruby", "rust", "eclipse-temurin",
           "nginx", "php", "ubuntu", "postgres")  # fmt: skip
_JOBS = ("compile", "assets", "docs", "api", "worker", "frontend", "reports", "migrate", "lint",
         "gateway", "search", "mailer", "export", "tiles", "batch", "portal")  # fmt: skip
_TOOLS = ("curl", "git", "jq", "make", "cmake", "pandoc", "graphviz", "ffmpeg", "rsync",
          "tini", "libpq-dev", "gdal-bin", "unzip", "sqlite3",
          "openssh-client", "gettext")  # fmt: skip
_SETTINGS = ("CACHE", "LOG", "QUEUE", "UPLOAD", "SESSION", "REPORT", "SEARCH", "MAIL", "METRICS")
_ASPECTS = ("DIR", "LEVEL", "LIMIT", "URL", "TIMEOUT", "MODE", "SIZE", "REGION", "TOKEN_TTL")
_FOLDERS = ("src", "assets", "config", "scripts", "templates", "locale", "migrations", "vendor")


def fresh_stage(rng: Random, number: int, before: Sequence[str], length: int) -> list[Unit]:
    """A stage of about so many instructions, which may copy from those before it."""
    stage = f"{rng.choice(_JOBS)}{number or ''}"
    tag = f"{rng.randint(1, 24)}.{rng.randint(0, 30)}{rng.choice(('', '-slim', '-bookworm'))}"
    made = [Unit("from", {"image": rng.choice(_IMAGES), "tag": tag, "stage": stage})]
    made += [_argument(rng, number), _copied(rng, before), _environment(rng)]
    makers = (_run, _run, _environment, _label, _work, _user, lambda r: _copied(r, before))
    made += [rng.choice(makers)(rng) for _ in range(length - 6)]
    return [*made, _port(rng), _command(rng)]


def _argument(rng: Random, number: int) -> Unit:
    name = f"{rng.choice(_TOOLS).upper().replace('-', '_')}_RELEASE{number or ''}"
    return Unit("arg", {"name": name, "value": f"{rng.randint(0, 30)}.{rng.randint(0, 99)}"})


def _copied(rng: Random, before: Sequence[str]) -> Unit:
    owner = f"{rng.choice(('app', 'web', 'build', 'data'))}:{rng.choice(('staff', 'ops'))}"
    source: dict[str, Value] = {"from": rng.choice(before)} if before else {}
    return Unit("copy", {**source, "chown": owner, "sources": _path(rng), "target": _path(rng)})


def _path(rng: Random) -> str:
    return f"/{rng.choice(_FOLDERS)}/{rng.choice(content.TOPICS).replace(' ', '-')}/"


def _environment(rng: Random) -> Unit:
    name = "_".join((rng.choice(_SETTINGS), rng.choice(_ASPECTS)))
    value = rng.choice((f"{rng.randint(2, 900)}", _path(rng), f'"{content.topic(rng)}"'))
    return Unit("env", {"name": name, "value": value})


def _label(rng: Random) -> Unit:
    name = f"example.{rng.choice(content.FIRMS).lower()}.{rng.choice(_ASPECTS).lower()}"
    return Unit("label", {"name": name, "value": f'"{content.person(rng)}"'})


def _run(rng: Random) -> Unit:
    tools = " ".join(f"{t}={rng.randint(1, 9)}.{rng.randint(0, 40)}" for t in rng.sample(_TOOLS, 2))
    site = f"https://{rng.choice(content.FIRMS).lower()}.example/{rng.choice(content.CITIES)}"
    commands = (
        f"apt-get update && apt-get install -y {tools} && rm -rf /var/lib/apt/lists/*",
        f"curl -fsSL {site}-{rng.randint(100, 999)}.tgz | tar -xz -C {_path(rng)}",
        f"mkdir -p {_path(rng)} && chmod 0{rng.choice((644, 700, 750))} {_path(rng)}",
        f"make {rng.choice(_JOBS)} JOBS={rng.randint(2, 16)} && cp -r dist {_path(rng)}",
        f"./scripts/{rng.choice(_JOBS)}.sh --only={rng.choice(content.CITIES)} {_path(rng)}",
    )
    return Unit("run", text=rng.choice(commands))


def _work(rng: Random) -> Unit:
    return Unit("workdir", {"value": _path(rng)})


def _user(rng: Random) -> Unit:
    return Unit("user", {"value": rng.choice(("app", "web", "data"))})


def _port(rng: Random) -> Unit:
    protocol: dict[str, Value] = {"protocol": rng.choice(("tcp", "udp"))}
    port = table.typed(str(rng.randint(3000, 9000)))
    return Unit("expose", {"port": port, **(protocol if rng.random() < 0.3 else {})})


def _command(rng: Random) -> Unit:
    words = [f"/opt/{rng.choice(_JOBS)}", rng.choice(("serve", "run", "watch")),
             f"--{rng.choice(_SETTINGS).lower()}={rng.randint(1, 90)}"]  # fmt: skip
    return Unit(rng.choice(("cmd", "entrypoint")), {"exec": json.dumps(words)})
