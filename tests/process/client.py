"""A customer's program: one key, one server, plain HTTP."""

import json
import time
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Customer:
    url: str
    key: str
    email: str

    def call(self, method: str, path: str, *, fields=None, files=None, headers=None) -> Answer:
        with httpx.Client(trust_env=False, verify=False, timeout=60) as client:
            answer = client.request(
                method,
                path if path.startswith("http") else self.url + path,
                data=_under_prompt(fields),
                files=_under_prompt(files),
                headers={"Authorization": f"Bearer {self.key}", **(headers or {})},
            )
        return Answer(answer.status_code, answer.headers, answer.content)

    def create(self, *, tune: int = 1504944, files=None, **fields) -> dict[str, Any]:
        """A new prompt, as the server answers it."""
        answer = self.call("POST", f"/tunes/{tune}/prompts", fields=fields, files=files)
        assert answer.status == 201, answer.body
        return answer.json

    def prompt(self, prompt_id: int) -> dict[str, Any]:
        answer = self.call("GET", f"/prompts/{prompt_id}")
        assert answer.status == 200, answer.body
        return answer.json

    def ended(self, prompt_id: int, *, seconds: float = 90) -> dict[str, Any]:
        """The prompt once it has ended."""
        deadline = time.monotonic() + seconds
        while (prompt := self.prompt(prompt_id))["trained_at"] is None:
            assert time.monotonic() < deadline, prompt
            time.sleep(0.05)
        return prompt

    def balance_mc(self) -> int:
        words = {"text": "a lighthouse"}
        answer = self.call("POST", "/tunes/1504944/prompts/quote", fields=words)
        assert answer.status == 200, answer.body
        return answer.json["balance_mc"]


def _under_prompt(fields: dict[str, Any] | None) -> dict[str, Any] | None:
    return {f"prompt[{name}]": value for name, value in fields.items()} if fields else None
