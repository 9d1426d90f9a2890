#!/bin/sh
# Retrieve a workspace.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/workspaces/3.json" \
  -H "Authorization: Bearer $API_KEY"
