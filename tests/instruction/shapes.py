"""Inspect tasks of different shapes, as people write them; each is run under arms unchanged."""

import json
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.agent import react
from inspect_ai.dataset import MemoryDataset, Sample, json_dataset
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    Model,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.scorer import (
    Score,
    Target,
    accuracy,
    choice,
    exact,
    includes,
    match,
    mean,
    model_graded_qa,
    scorer,
)
from inspect_ai.solver import (
    Generate,
    Solver,
    TaskState,
    generate,
    multiple_choice,
    prompt_template,
    solver,
    system_message,
    use_tools,
)
from inspect_ai.tool import Tool, tool

CITIES = (
    "Ada moved to Oslo in May",
    "Ben left for Rome at dawn",
    "Cleo is from Riga by birth",
    "Dora went to Bern by train",
    "Emil saw Kiel in the rain",
    "Finn likes Lyon in autumn",
)


@task
def letters(items: int = 6) -> Task:
    """Multiple choice."""
    samples = [
        Sample(
            input=f"Which of these is {n} more than {n}?",
            choices=["a" * (place + 1) if place != n % 4 else str(2 * n) for place in range(4)],
            target="ABCD"[n % 4],
        )
        for n in range(items)
    ]
    return Task(dataset=MemoryDataset(samples), solver=multiple_choice(), scorer=choice())


SUMS = """Solve the following problem. The last line of your response should be of the form
"ANSWER: $ANSWER" (without quotes).

{prompt}

Reasoning:"""


@task
def sums(items: int = 6) -> Task:
    """Exact match of a number, with examples before it, in the manner of inspect-evals."""
    samples = [
        Sample(input=f"Ada has {n} plums and buys {n} more, and eats one.", target=str(2 * n - 1))
        for n in range(7, 7 + items)
    ]
    shown = "EXAMPLES: {examples}"
    return Task(
        dataset=MemoryDataset(samples),
        solver=[system_message(shown, examples="2 and 2, less 1: 3"), prompt_template(SUMS),
                generate()],
        scorer=match(numeric=True),
    )  # fmt: skip


def _judge(messages: list[ChatMessage], *_: object) -> ModelOutput:
    text = messages[-1].text
    submitted = text.split("[Submission]:")[1].split("***")[0]
    wanted = text.split("[Criterion]:")[1].split("***")[0]
    grade = "C" if wanted.strip().casefold() in submitted.casefold() else "I"
    output = ModelOutput.from_content("judge", f"GRADE: {grade}")
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output


def judge() -> Model:
    return get_model("mockllm/judge", memoize=False, custom_outputs=_judge)


@task
def essays() -> Task:
    """Free generation, graded by a judge."""
    samples = [Sample(input=f"{said}. Then she slept.", target=said.split()[0]) for said in CITIES]
    return Task(
        dataset=MemoryDataset(samples),
        solver=[system_message("Write who the text is about. Reply with a single word."),
                generate()],
        scorer=model_graded_qa(model=judge()),
    )  # fmt: skip


@tool
def plus() -> Tool:
    async def execute(x: int, y: int) -> int:
        """Add two numbers.

        Args:
            x: One.
            y: The other.
        """
        return x + y

    return execute


@task
def tools() -> Task:
    """A task with a tool."""
    samples = [Sample(input=f"{n} and {n + 3}", target=str(2 * n + 3)) for n in range(11, 17)]
    return Task(
        dataset=MemoryDataset(samples),
        solver=[use_tools(plus()),
                prompt_template("Add the two numbers with the tool.\n\n{prompt}"), generate()],
        scorer=includes(),
    )  # fmt: skip


@solver
def twice() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state = await generate(state)
        state.messages.append(ChatMessageUser(content="Are you sure? Answer again."))
        return await generate(state)

    return solve


@solver
def best_of_two() -> Solver:
    """Asks the same twice, from the same messages, and takes the longer answer."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        begun = [message.model_copy(deep=True) for message in state.messages]
        first = (await generate(state)).output.completion
        state.messages = begun
        state = await generate(state)
        state.output.completion = max(first, state.output.completion, key=len)
        return state

    return solve


@task
def draws() -> Task:
    """A solver that draws several answers to one prompt."""
    samples = [Sample(input=f"{said}.", target=said.split()[0]) for said in CITIES]
    return Task(
        dataset=MemoryDataset(samples),
        solver=[prompt_template("Who is this about?\n\n{prompt}"), best_of_two()],
        scorer=includes(),
    )


@task
def turns() -> Task:
    """A solver of several turns, and a score with two keys."""
    samples = [Sample(input=f"{said}.", target=said.split()[0]) for said in CITIES]
    return Task(
        dataset=MemoryDataset(samples),
        solver=[prompt_template("Who is this about?\n\n{prompt}"), twice()],
        scorer=two_keys(),
    )


@scorer(metrics={"*": [mean()]})
def two_keys():
    async def score(state: TaskState, target: Target) -> Score:
        said = state.output.completion
        return Score(value={"right": float(target.text in said), "short": float(len(said) < 9)})

    return score


FEELINGS = ("positive", "negative")


@task
def feelings(file: str = "feelings.jsonl") -> Task:
    """A file beside the task, whose inputs bring the instruction along; closed labels."""
    return Task(dataset=json_dataset(file), solver=generate(), scorer=exact())


def write_feelings(folder: Path) -> None:
    said = ("Is the review below positive or negative? Look at its tone.\n"
            "Reply with one word.\n\nReview: ")  # fmt: skip
    texts = ("I loved it", "It bored me", "What a joy", "A waste", "So warm", "Grim and long")
    rows = [{"input": said + text, "target": FEELINGS[n % 2]} for n, text in enumerate(texts)]
    (folder / "feelings.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


@task
def chats() -> Task:
    """Inputs that are conversations, with a system message in the data set."""
    samples = [
        Sample(
            input=[ChatMessageSystem(content="Name the city of the sentence."),
                   ChatMessageUser(content=f"I have a sentence about {said.split()[0]}."),
                   ChatMessageAssistant(content="Go on."), ChatMessageUser(content=said)],
            target=said.split()[3],
        )
        for said in CITIES[:3]
    ]  # fmt: skip
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=includes())


@task
def agent(shared: bool = True) -> Task:
    """An agent that calls the model by itself."""
    said = "Name the city in the text. Submit it.\n\n" if shared else ""
    samples = [Sample(input=f"{said}{c}", target=c.split()[3]) for c in CITIES[:3]]
    return Task(dataset=MemoryDataset(samples), solver=react(), scorer=includes(),
                message_limit=5)  # fmt: skip


@task
def bare() -> Task:
    """Nothing but the item."""
    samples = [Sample(input=f"{n} plus {n}?", target=str(2 * n)) for n in range(3)]
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=includes())


@solver
def upper() -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        state.user_prompt.text = "SHOUT BACK: " + state.user_prompt.text.upper()
        return await generate(state)

    return solve


@task
def shouted() -> Task:
    """A solver that changes the input's words."""
    samples = [Sample(input=said, target=said.split()[0]) for said in CITIES]
    return Task(dataset=MemoryDataset(samples), solver=upper(), scorer=includes(ignore_case=True))


@task
def unseeded() -> Task:
    """A data set that is another one each time."""
    from itertools import count

    start = next(_MADE)
    numbers = (n for n, _ in zip(count(start), range(3), strict=False))
    samples = [Sample(id=n, input=f"Say {k}", target=str(k)) for n, k in enumerate(numbers)]
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=includes())


_MADE = iter(range(100))


@task
def silent() -> Task:
    """No scorer."""
    return Task(dataset=[Sample(input="Say it.")], solver=generate(), metrics=[accuracy()])
