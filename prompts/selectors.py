"""Reading prompts. Lists and polls are what this product answers most: they are written as SQL that is put together
once, because building the same statement in the ORM costs more than running it (`bench/` holds the figures).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connection, models

from common.errors import NotFound
from common.jobs.models import UNFINISHED, Status
from media.models import Asset
from prompts.models import Like, Order, Prompt
from tunes import selectors as tunes

Converter = Callable[[Any], Any]
# What no reader of a list needs, and what may be long.
_NOT_READ = frozenset(
    {"remote_job", "worker", "lease_until", "next_at", "deadline", "attempt", "strikes"}
    | {"breakdown", "price_id", "source_text", "user_id", "posted_tune_id", "twin_key", "crop", "sampling"}
)


@dataclass(frozen=True)
class File:
    """One output or input of a prompt."""

    role: str  # "output", or an Input.Role
    position: int
    asset_id: int
    address: str | None
    filename: str
    content_type: str
    bytes: int


@dataclass
class PromptRow:
    """A prompt as its readers see it: `columns.text`, `columns.status`, … with its files and its tune's title."""

    columns: Any
    tune_title: str
    workspace_is_personal: bool
    outputs: list[File] = field(default_factory=list)
    inputs: list[File] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list is narrowed to; None leaves a field alone."""

    pack_id: int | None = None
    base_pack_id: int | None = None
    user_id: int | None = None
    orig_prompt_id: int | None = None
    order_id: int | None = None
    liked_by: int | None = None  # a user
    not_liked_by: int | None = None
    since: datetime | None = None
    is_video: bool | None = None
    is_api: bool | None = None
    inpaint_faces: bool | None = None
    is_multiperson: bool | None = None
    controlnet: str | None = None

    def conditions(self) -> tuple[list[str], list[Any]]:
        """SQL, and its parameters in order."""
        where: list[str] = []
        params: list[Any] = []
        for column in ("pack_id", "base_pack_id", "user_id", "orig_prompt_id", "order_id"):
            if (value := getattr(self, column)) is not None:
                where.append(f"p.{column} = %s")
                params.append(value)
        for user_id, word in ((self.liked_by, ""), (self.not_liked_by, "NOT ")):
            if user_id is not None:
                where.append(f"{word}EXISTS (SELECT 1 FROM prompts_like l WHERE l.prompt_id = p.id AND l.user_id = %s)")
                params.append(user_id)
        if self.since is not None:
            where.append("p.created_at >= %s")
            params.append(connection.ops.adapt_datetimefield_value(self.since))
        where += [f"p.{column} IS {'NOT ' if wanted else ''}NULL" for column, wanted in self._presence()]
        for option, wanted in (("inpaint_faces", self.inpaint_faces), ("is_multiperson", self.is_multiperson)):
            if wanted is not None:
                where.append(f"{'' if wanted else 'NOT '}{_json_is_true('p.options', option)}")
        if self.controlnet is not None:
            where.append(f"{_json_text('p.options', 'controlnet')} = %s")
            params.append(self.controlnet)
        return where, params

    def _presence(self) -> list[tuple[str, bool]]:
        asked = (("video_model", self.is_video), ("api_key_id", self.is_api))
        return [(column, wanted) for column, wanted in asked if wanted is not None]


def _json_is_true(column: str, key: str) -> str:
    if connection.vendor == "postgresql":
        return f"coalesce(({column} ->> '{key}')::boolean, false)"
    return f"coalesce(json_extract({column}, '$.{key}'), 0)"


def _json_text(column: str, key: str) -> str:
    return f"{column} ->> '{key}'" if connection.vendor == "postgresql" else f"json_extract({column}, '$.{key}')"


def liked(*, user_id: int, prompt_ids: Iterable[int]) -> frozenset[int]:
    """Which of these prompts the user likes."""
    ids = list(prompt_ids)
    if not ids:
        return frozenset()
    return frozenset(Like.objects.filter(user_id=user_id, prompt_id__in=ids).values_list("prompt_id", flat=True))


def get(*, workspace_id: int, prompt_id: int, tune_id: int | None = None, everywhere: Sequence[int] = ()) -> PromptRow:
    """One prompt; with `tune_id`, only if it ran on that tune or uses it.

    :raises NotFound: no such prompt in this workspace, nor in those of `everywhere`
    """
    theirs, params = _of_workspaces(workspace_id, everywhere)
    where, params = f"{theirs} AND p.deleted_at IS NULL AND p.id = %s", [*params, prompt_id]
    if tune_id is not None:
        condition, ids = _on_tune(tune_id)
        where, params = f"{where} AND {condition}", params + ids
    rows = _read(f"WHERE {where}", params)
    if not rows:
        raise NotFound
    return rows[0]


def by_request_id(*, workspace_id: int, request_id: UUID) -> PromptRow:
    """The prompt that its dialect names so.

    :raises NotFound: no such prompt in this workspace
    """
    stored = Prompt._meta.get_field("request_id").get_db_prep_value(request_id, connection)
    rows = _read("WHERE p.workspace_id = %s AND p.deleted_at IS NULL AND p.request_id = %s", [workspace_id, stored])
    if not rows:
        raise NotFound
    return rows[0]


AHEAD_MAX = 1_000


def ahead_of(prompt_id: int) -> int:
    """How many prompts of everybody's wait to be rendered before this one; of a long queue, only its first part."""
    waiting = Prompt.objects.filter(status=Status.QUEUED, pk__lt=prompt_id).order_by()
    return waiting.values("pk")[:AHEAD_MAX].count()


def queued(*, most: int = AHEAD_MAX) -> int:
    """How many prompts of everybody's wait to be rendered; counted as far as `most`."""
    return Prompt.objects.filter(status=Status.QUEUED).order_by().values("pk")[:most].count()


def in_the_works(*, workspace_id: int) -> int:
    """How many prompts of the workspace's wait for a renderer or have one."""
    return Prompt.objects.of_workspace(workspace_id).filter(status__in=[Status.QUEUED, Status.RUNNING]).count()


def own(*, workspace_id: int, prompt_id: int) -> Prompt:
    """The prompt itself, for those who change it.

    :raises NotFound: no such prompt in this workspace
    """
    prompt = Prompt.objects.of_workspace(workspace_id).filter(pk=prompt_id).first()
    if prompt is None:
        raise NotFound
    return prompt


def page(
    *,
    workspace_id: int,
    limit: int,
    tune_id: int | None = None,
    before_id: int | None = None,
    offset: int = 0,
    text: str = "",
    filters: Filters | None = None,
    everywhere: Sequence[int] = (),
) -> list[PromptRow]:
    """Newest first. `before_id` pages by key; `offset`, which old clients send, finds its ids before its rows."""
    theirs, params = _of_workspaces(workspace_id, everywhere)
    where = [theirs, "p.deleted_at IS NULL"]
    if tune_id is not None:
        condition, ids = _on_tune(tune_id)
        where.append(condition)
        params += ids
    if before_id is not None:
        where.append("p.id < %s")
        params.append(before_id)
    if text:
        # Both lowered by the database: SQLite knows only ASCII's capitals, and must not be asked for others.
        where.append("lower(p.text) LIKE lower(%s) ESCAPE '!'")
        params.append(_contains(text))
    if filters is not None:
        narrowing, values = filters.conditions()
        where += narrowing
        params += values
    tail = f"WHERE {' AND '.join(where)} ORDER BY p.id DESC LIMIT %s"
    if offset:
        tail = f"WHERE p.id IN (SELECT p.id FROM prompts_prompt p {tail} OFFSET %s) ORDER BY p.id DESC"
        return _read(tail, [*params, limit, offset])
    return _read(tail, [*params, limit])


def published(
    *,
    limit: int,
    before_id: int | None = None,
    offset: int = 0,
    text: str = "",
    branch: str = "",
    filters: Filters | None = None,
) -> list[PromptRow]:
    """Everybody's published results, newest first; their files stand under the addresses that everybody may know."""
    where, params = ["p.published_at IS NOT NULL", "p.deleted_at IS NULL", "p.status = 'succeeded'"], list[Any]()
    if before_id is not None:
        where.append("p.id < %s")
        params.append(before_id)
    if text:
        where.append("lower(p.text) LIKE lower(%s) ESCAPE '!'")
        params.append(_contains(text))
    if branch:
        where.append("t.branch = %s")
        params.append(branch)
    narrowing, values = (filters or Filters()).conditions()
    tail = f"WHERE {' AND '.join(where + narrowing)} ORDER BY p.id DESC LIMIT %s OFFSET %s"
    rows = _read(tail, [*params, *values, limit, offset], outputs=_PUBLISHED)
    return [row for row in rows if row.outputs]


def of_new(prompt: Prompt, *, tune_title: str, personal: bool, inputs: Iterable[tuple[str, int, Asset]]) -> PromptRow:
    """A prompt that was written a moment ago, without reading it back; `inputs` as (role, position, file)."""
    files = [
        File(role, n, file.pk, file.address, file.filename, file.content_type, file.bytes) for role, n, file in inputs
    ]
    return PromptRow(prompt, tune_title=tune_title, workspace_is_personal=personal, inputs=files)


def of_id(prompt_id: int) -> PromptRow | None:
    """One prompt for the server's own use (callbacks), whatever its workspace, deleted ones too."""
    rows = _read("WHERE p.id = %s", [prompt_id])
    return rows[0] if rows else None


def of_order(order_id: int) -> list[PromptRow]:
    """The prompts of a run, in the order in which they were made."""
    return _read("WHERE p.order_id = %s AND p.deleted_at IS NULL ORDER BY p.id", [order_id])


def awaited_order(order_id: int) -> Order | None:
    """The run, if its owner wants to hear of its end, and it has ended."""
    open_ = Prompt.objects.filter(order_id=order_id, deleted_at=None, status__in=UNFINISHED)
    order = Order.objects.filter(pk=order_id).exclude(prompts_callback=None).exclude(prompts_callback="").first()
    return None if order is None or open_.exists() else order


def any_unfinished(*, tune_id: int) -> bool:
    """Whether a prompt that uses this tune still waits or runs."""
    return Prompt.objects.filter(used_tunes__tune_id=tune_id, deleted_at=None, status__in=UNFINISHED).exists()


def oldest_of_tune(*, workspace_id: int, tune_id: int, limit: int = 100) -> list[PromptRow]:
    """The first prompts that use a tune, in the order in which they were made."""
    condition, ids = _on_tune(tune_id)
    where = f"WHERE p.workspace_id = %s AND p.deleted_at IS NULL AND {condition} ORDER BY p.id LIMIT %s"
    return _read(where, [workspace_id, *ids, limit])


def oldest_queued_age(now: datetime) -> float:
    """Seconds that the oldest prompt which could be rendered has waited; 0 when none waits."""
    queued = Prompt.objects.filter(status=Status.QUEUED, next_at__lte=now)
    oldest = queued.aggregate(oldest=models.Min("next_at"))["oldest"]
    return float((now - oldest).total_seconds()) if oldest else 0.0


_USES = "EXISTS (SELECT 1 FROM prompts_usedtune u WHERE u.prompt_id = p.id AND u.tune_id = %s)"


def _of_workspaces(workspace_id: int, everywhere: Sequence[int]) -> tuple[str, list[Any]]:
    if not everywhere:
        return "p.workspace_id = %s", [workspace_id]
    return f"p.workspace_id IN ({', '.join(['%s'] * len(everywhere))})", list(everywhere)


def _on_tune(tune_id: int) -> tuple[str, list[int]]:
    """That it ran on the tune, or uses it; the house's base models are only ever run on, which is cheaper to ask."""
    if tunes.is_house_base(tune_id):
        return "p.tune_id = %s", [tune_id]
    return f"(p.tune_id = %s OR {_USES})", [tune_id, tune_id]


def _contains(text: str) -> str:
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def _read(tail: str, params: Sequence[Any], *, outputs: str = "") -> list[PromptRow]:
    head, names, converters = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{head} {tail}", params)
        lines = cursor.fetchall()
        rows = {line[0]: _row(list(line), names, converters) for line in lines}
        for prompt_id, file in _files(cursor, outputs or _OUTPUTS, list(rows)):
            rows[prompt_id].outputs.append(file)
        for prompt_id, file in _files(cursor, _INPUTS, [line[0] for line in lines if line[-1]]):
            rows[prompt_id].inputs.append(file)
    return list(rows.values())


def _row(line: list[Any], names: Sequence[str], converters: Sequence[tuple[int, Converter]]) -> PromptRow:
    _has_inputs, personal_of, tune_title = line.pop(), line.pop(), line.pop()
    for place, convert in converters:
        line[place] = convert(line[place])
    columns = SimpleNamespace(**dict(zip(names, line, strict=True)))
    return PromptRow(columns, tune_title=tune_title, workspace_is_personal=personal_of is not None)


def _files(cursor: Any, query: str, prompt_ids: list[int]) -> Iterator[tuple[int, File]]:
    """The files of these prompts, in order, each with its prompt's id."""
    if prompt_ids:
        cursor.execute(query.format(marks=", ".join(["%s"] * len(prompt_ids))), prompt_ids)
        for prompt_id, *rest in cursor.fetchall():
            yield prompt_id, File(*rest)


_OUTPUTS = """
    SELECT o.prompt_id, 'output', o.position, a.id, a.address, a.filename, a.content_type, a.bytes
    FROM prompts_output o JOIN media_asset a ON a.id = o.asset_id
    WHERE a.deleted_at IS NULL AND o.prompt_id IN ({marks}) ORDER BY 1, 3"""
_PUBLISHED = """
    SELECT o.prompt_id, 'output', o.position, a.id, a.public_address, a.filename, a.content_type, a.bytes
    FROM prompts_output o JOIN media_asset a ON a.id = o.asset_id
    WHERE a.public_address IS NOT NULL AND a.deleted_at IS NULL AND o.prompt_id IN ({marks}) ORDER BY 1, 3"""
_INPUTS = """
    SELECT i.prompt_id, i.role, i.position, a.id, a.address, a.filename, a.content_type, a.bytes
    FROM prompts_input i JOIN media_asset a ON a.id = i.asset_id WHERE i.prompt_id IN ({marks}) ORDER BY 1, 2, 3"""


@cache
def _statement(vendor: str) -> tuple[str, list[str], list[tuple[int, Converter]]]:
    """SELECT … FROM …, the attribute of each column, and, by place, what turns a database value into Python's."""
    del vendor  # the converters below are those of the connection in use
    fields = [field for field in Prompt._meta.concrete_fields if field.attname not in _NOT_READ]
    columns = ", ".join(_column(field) for field in fields)
    head = f"""SELECT {columns}, t.title, w.personal_of_id,
        EXISTS (SELECT 1 FROM prompts_input i WHERE i.prompt_id = p.id)
        FROM prompts_prompt p
        JOIN tunes_tune t ON t.id = p.tune_id JOIN accounts_workspace w ON w.id = p.workspace_id"""
    converters = [(place, convert) for place, field in enumerate(fields) if (convert := _converter(field))]
    return head, [field.attname for field in fields], converters


def _column(field: models.Field) -> str:
    name = f"p.{connection.ops.quote_name(str(field.column))}"
    return f"CAST({name} AS text)" if isinstance(field, models.DateTimeField) else name


def _converter(field: models.Field) -> Converter | None:
    """Django's own, but for the two kinds that pages are full of: its ways to them take a third of a page's time."""
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField):
        return _moment
    expression = field.cached_col
    steps = [*connection.ops.get_db_converters(expression), *field.get_db_converters(connection)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert


def _json(text: str | None) -> Any:
    if text == "{}":  # most of them
        return {}
    return None if text is None else json.loads(text)


def _moment(text: str | None) -> datetime | None:
    """Both databases answer in UTC; SQLite does not say so."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)
