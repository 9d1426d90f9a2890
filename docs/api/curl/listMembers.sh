#!/bin/sh
# List members.
# Ids in its address are those of a fresh installation: put yours in their place.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/workspaces/3/members" \
  -H "Authorization: Bearer $API_KEY"
