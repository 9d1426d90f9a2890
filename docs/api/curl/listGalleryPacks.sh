#!/bin/sh
# Public packs.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/gallery/packs"
