"""What a request says that the prompt belongs to: only what is there, and the caller's to name."""

from __future__ import annotations

from django.db.models import Q

from prompts.models import Order, Pack, Prompt, Template
from prompts.request import PromptRequest
from prompts.submission.trouble import Trouble

_STRANGE = "does not exist or is not yours"


def check(request: PromptRequest, *, workspace_id: int, trouble: Trouble) -> None:
    """Adds to `trouble` by field; what is not named costs no query."""
    own_packs = Pack.objects.filter(workspace_id=workspace_id, deleted_at=None)
    usable = Pack.objects.filter(
        Q(workspace_id=workspace_id) | Q(workspace=None) | Q(public_at__isnull=False), deleted_at=None
    )
    orders = Order.objects.filter(workspace_id=workspace_id)
    for field, things in (("pack_id", own_packs), ("base_pack_id", usable), ("order_id", orders)):
        named = getattr(request, field)
        if named is not None and not things.filter(pk=named).exists():
            trouble.add(field, _STRANGE)
    if request.orig_prompt_id is not None and not _is_original(request.orig_prompt_id, workspace_id):
        trouble.add("orig_prompt_id", _STRANGE)


def _is_original(id_: int, workspace_id: int) -> bool:
    """A prompt of the workspace's own, or a template of a pack that it may run."""
    return (
        Prompt.objects.of_workspace(workspace_id).filter(pk=id_).exists()
        or Template.objects.filter(
            Q(pack__workspace_id=workspace_id) | Q(pack__workspace=None) | Q(pack__public_at__isnull=False), pk=id_
        ).exists()
    )
