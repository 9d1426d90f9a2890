#!/bin/sh
# Create a workspace.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/workspaces.json" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'workspace[title]=Studio'
