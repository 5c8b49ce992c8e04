"""The agent that is on trial: a plain one, or any that Inspect knows by name."""

from collections.abc import Sequence

from inspect_ai.agent import Agent, AgentState, agent, react
from inspect_ai.model import CachePolicy, GenerateConfig, get_model
from inspect_ai.tool import Tool, ToolSource
from inspect_ai.util import registry_create

from worktrial.errors import ConfigError
from worktrial.workers.halves import logged

SEEDS = 2**31
_STEP = 1_000_003
"""Between the seeds of two calls of one conversation."""


def plain(
    tools: Sequence[Tool | ToolSource], *, seed: int, tokens: int, scopes: dict[str, str] | None
) -> Agent:
    """A react agent with some tools and a message of its own at the end of each turn.

    Args:
        tools: What it can use.
        seed: From which its calls draw theirs.
        tokens: The most tokens of a call's output.
        scopes: Under which its generations are kept; `None` keeps none.
    """
    return react(
        prompt=None,
        tools=tools,
        model=_caller(seed=seed, tokens=tokens, scopes=scopes),
        submit=False,
    )


@agent
def _caller(*, seed: int, tokens: int, scopes: dict[str, str] | None) -> Agent:
    """The model under its own seed for every call, so that no two calls share a draw."""
    calls = 0

    async def execute(state: AgentState, tools: list[Tool]) -> AgentState:
        """Call the model once."""
        nonlocal calls
        kept = CachePolicy(expiry=None, scopes={**scopes, "call": str(calls)}) if scopes else False
        config = GenerateConfig(seed=(seed + calls * _STEP) % SEEDS, max_tokens=tokens)
        calls += 1
        output = await get_model().generate(state.messages, tools=tools, config=config, cache=kept)
        output.choices[0].message = logged(output.message)
        state.messages.append(output.message)
        state.output = output
        return state

    return execute


def named(name: str, tools: Sequence[Tool | ToolSource], *, cwd: str = "") -> Agent:
    """An agent by its registered name; it is given tools and a folder if it takes them.

    Args:
        name: As Inspect knows it.
        tools: What it can use.
        cwd: The folder in a sandbox where it is to work; none if empty.

    Raises:
        ConfigError: If there is none of this name, or it cannot be made.
    """
    failure: Exception | None = None
    with_tools = {"tools": list(tools)}
    in_folder = [{**with_tools, "cwd": cwd}, with_tools, {"cwd": cwd}] if cwd else [with_tools]
    for given in (*in_folder, {}):
        try:
            return registry_create("agent", name, **given)
        except LookupError as error:
            failure = error
            break
        except TypeError as error:
            failure = error
    reason = " ".join(str(failure).split())
    raise ConfigError(
        f"`--agent` must be a registered Inspect agent such as package/name; {name!r}: {reason}"
    )
