"""One call written out as curl, Python and JavaScript. They read the address and the key from the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

Value = str | int | bool


@dataclass(frozen=True, kw_only=True)
class Call:
    """What is sent; `fields` and `files` are those of the resource, a file by its name in the current folder."""

    method: str
    path: str
    query: Mapping[str, Value] = field(default_factory=dict)
    fields: Mapping[str, Value] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    open: bool = False  # takes no key
    idempotency_key: str = ""
    resource: str = "prompt"  # what the fields stand under
    lists: Sequence[str] = ()  # those of the files that are one of a list

    def named(self, name: str) -> str:
        """The field as a form spells it."""
        spelt = f"{self.resource}[{name}]" if self.resource else name
        return f"{spelt}[]" if name in self.lists else spelt

    @property
    def target(self) -> str:
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")


def samples(call: Call) -> list[dict[str, str]]:
    """The `x-codeSamples` of an operation."""
    return [
        {"lang": "Shell", "label": "curl", "source": curl(call)},
        {"lang": "Python", "label": "Python", "source": python(call)},
        {"lang": "JavaScript", "label": "JavaScript", "source": javascript(call)},
    ]


def curl(call: Call) -> str:
    """As multipart. `-F` takes `<…` and `@…` for files and cuts at a `;`; `--form-string` takes a value as it is."""
    words = [f'"$BASE_URL{call.target}"']
    if call.method not in ("GET", "POST") or (call.method == "POST" and not (call.fields or call.files)):
        words.insert(0, f"-X {call.method}")
    words += [f'-H "{name}: {value}"' for name, value in _headers(call, key="$API_KEY").items()]
    for name, value in call.fields.items():
        literal = str(value).startswith(("<", "@")) or ";" in str(value)
        option = "--form-string" if literal else "-F"
        words.append(f"{option} {_quoted(f'{call.named(name)}={_plain(value)}')}")
    words += [f"-F {_quoted(f'{call.named(name)}=@{file}')}" for name, file in call.files.items()]
    return "curl " + " \\\n  ".join(words)


def python(call: Call) -> str:
    """With httpx: JSON, or multipart where a file goes along."""
    arguments = [f'    environ["BASE_URL"] + "{call.target}",']
    headers = _headers(call, key="{environ['API_KEY']}")
    if headers:
        pairs = ", ".join(f'"{name}": {"f" if "{" in value else ""}"{value}"' for name, value in headers.items())
        arguments.append(f"    headers={{{pairs}}},")
    if call.files:
        arguments += _block("data", {f"{call.named(name)}": _plain(value) for name, value in call.fields.items()})
        arguments += [
            "    files={",
            *(f'        "{call.named(name)}": open("{file}", "rb"),' for name, file in call.files.items()),
            "    },",
            "    timeout=60,",
        ]
    elif call.fields:
        arguments += ["    json={", f'        "{call.resource}": {{']
        arguments += [f"            {json.dumps(name)}: {_literal(value)}," for name, value in call.fields.items()]
        arguments += ["        },", "    },"]
    shown = "answer.status_code" if call.method == "DELETE" else "answer.status_code, answer.json()"
    imports = "from os import environ\n\nimport httpx"
    return "\n".join([f"{imports}\n", f"answer = httpx.{call.method.lower()}(", *arguments, ")", f"print({shown})"])


def javascript(call: Call) -> str:
    """With `fetch`, as Node has it."""
    lines: list[str] = []
    if call.files:
        lines += ['import { openAsBlob } from "node:fs";', "", "const form = new FormData();"]
        lines += [
            f"form.append({json.dumps(f'{call.named(name)}')}, {json.dumps(_plain(value))});"
            for name, value in call.fields.items()
        ]
        lines += [
            f'form.append({json.dumps(f"{call.named(name)}")}, await openAsBlob("{file}"), "{file}");'
            for name, file in call.files.items()
        ]
    lines += [f"const answer = await fetch(`${{process.env.BASE_URL}}{call.target}`, {{"]
    if call.method != "GET":
        lines.append(f'  method: "{call.method}",')
    lines += _javascript_headers(call)
    if call.files:
        lines.append("  body: form,")
    elif call.fields:
        lines += ["  body: JSON.stringify({", f"    {call.resource}: {{"]
        lines += [f"      {name}: {json.dumps(value)}," for name, value in call.fields.items()]
        lines += ["    },", "  }),"]
    shown = "answer.status" if call.method == "DELETE" else "answer.status, await answer.json()"
    return "\n".join([*lines, "});", f"console.log({shown});"])


def _javascript_headers(call: Call) -> list[str]:
    headers = _headers(call, key="${process.env.API_KEY}")
    if call.fields and not call.files:
        headers["Content-Type"] = "application/json"
    if not headers:
        return []
    written = [
        f"    {json.dumps(name)}: {f'`{value}`' if '$' in value else json.dumps(value)},"
        for name, value in headers.items()
    ]
    return ["  headers: {", *written, "  },"]


def _headers(call: Call, *, key: str) -> dict[str, str]:
    headers = {} if call.open else {"Authorization": f"Bearer {key}"}
    return headers | ({"Idempotency-Key": call.idempotency_key} if call.idempotency_key else {})


def _block(name: str, values: Mapping[str, Any]) -> list[str]:
    lines = [f"        {json.dumps(key)}: {json.dumps(value)}," for key, value in values.items()]
    return [f"    {name}={{", *lines, "    },"]


def _literal(value: Value) -> str:
    return repr(value) if isinstance(value, bool) else json.dumps(value)


def _plain(value: Value) -> str:
    """As a form spells it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
