#!/bin/sh
# Delete a workspace.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/workspaces/3" \
  -H "Authorization: Bearer $API_KEY"
