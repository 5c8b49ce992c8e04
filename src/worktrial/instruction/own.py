"""Arms that a person writes out: a template by arm, in a file."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import RootModel, model_validator

from worktrial.instruction.arms import NO_INPUT, OWN
from worktrial.protocol.declared import read_declared


class OwnArms(RootModel[dict[str, str]]):
    """Templates by arm, each with the places `{input}` and, where they matter, `{choices}`."""

    @model_validator(mode="after")
    def _are_templates(self) -> "OwnArms":
        if not self.root:
            raise ValueError("it must set out an arm")
        for arm, template in self.root.items():
            if arm not in OWN:
                raise ValueError(f"an arm must be one of {', '.join(OWN)}; got {arm[:60]!r}")
            if ("{input}" in template) is (arm == NO_INPUT):
                rule = "must not have" if arm == NO_INPUT else "must have"
                raise ValueError(f"the template of {arm} {rule} the place {{input}}")
        return self


def read_arms(path: Path) -> Mapping[str, str]:
    """Read the arms of a file, in YAML or JSON.

    Raises:
        ConfigError: If it cannot be read, or an arm is not one.
    """
    return read_declared(path, OwnArms, name="--arms").root
