#!/bin/sh
# Change a workspace.
# Ids in its address are those of a fresh installation: put yours in their place.
curl -sS -w '\n%{http_code}\n' -X PATCH \
  "$BASE_URL/workspaces/3.json" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'workspace[brief]=Shoes'
