#!/bin/sh
# Delete a workspace.
# Ids in its address are those of a fresh installation: put yours in their place.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/workspaces/3" \
  -H "Authorization: Bearer $API_KEY"
