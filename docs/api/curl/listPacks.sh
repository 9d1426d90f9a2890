#!/bin/sh
# List packs.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/packs" \
  -H "Authorization: Bearer $API_KEY"
