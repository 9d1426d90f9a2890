#!/bin/sh
# Delete a tune's prompt.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/tunes/1504944/prompts/1" \
  -H "Authorization: Bearer $API_KEY"
