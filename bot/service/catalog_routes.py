"""The routes that keep a catalogue fresh: items come and go, and the next turn sees it.

They translate between HTTP and the catalogues and decide nothing.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from bot.running.warmup import Warmup
from bot.service.problems import MEDIA_TYPE as PROBLEM
from bot.service.problems import Problem
from bot.shelves.catalogs import NewItem, delete, upsert
from retrieval.index import Index

router = APIRouter()
_MOST_ITEMS = 1000
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be met as it is", "content": {PROBLEM: {}}},
    "5XX": {"description": "The service cannot meet the request now", "content": {PROBLEM: {}}},
}
Name = Annotated[str, Path(min_length=1, max_length=200)]
ItemId = Annotated[str, Path(min_length=1, max_length=1000)]
Items = Annotated[list[NewItem], Field(min_length=1, max_length=_MOST_ITEMS)]


def _index(request: Request, name: str) -> Index:
    warmup: Warmup = request.app.state.warmup
    return warmup.concierge.catalogs[name]


@router.post("/api/catalogs/{name}/items", responses=_PROBLEMS)
def upsert_items(request: Request, name: Name, body: NewItem | Items) -> Response:
    """Store one item or several; those of the same ids are replaced."""
    items = body if isinstance(body, list) else [body]
    index = _index(request, name)
    upsert(index, items)
    return JSONResponse({"stored": len({item.id for item in items}), "items": len(index)})


@router.delete("/api/catalogs/{name}/items/{id:path}", status_code=204, responses=_PROBLEMS)
def delete_item(request: Request, name: Name, id: ItemId) -> Response:
    """Forget an item."""
    if not delete(_index(request, name), id):
        detail = f"expected the id of an item of {name[:60]!r}, got {id[:60]!r}; check it"
        return Problem(404, "unknown-item", "Unknown item", detail).response()
    return Response(status_code=204)
