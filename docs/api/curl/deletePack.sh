#!/bin/sh
# Delete a pack.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/packs/6" \
  -H "Authorization: Bearer $API_KEY"
