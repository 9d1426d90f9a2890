#!/bin/sh
# Delete a tune.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/tunes/5000001" \
  -H "Authorization: Bearer $API_KEY"
