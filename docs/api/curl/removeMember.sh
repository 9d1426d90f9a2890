#!/bin/sh
# Take a member out.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/workspaces/3/members/2" \
  -H "Authorization: Bearer $API_KEY"
