#!/bin/sh
# Change a workspace.
curl -sS -w '\n%{http_code}\n' -X PATCH \
  "$BASE_URL/workspaces/3.json" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'workspace[brief]=Shoes'
