#!/bin/sh
# List workspaces.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/workspaces.json" \
  -H "Authorization: Bearer $API_KEY"
