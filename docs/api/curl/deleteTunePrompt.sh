#!/bin/sh
# Delete a tune's prompt.
# Ids in its address are those of a fresh installation: put yours in their place.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/tunes/1504944/prompts/1" \
  -H "Authorization: Bearer $API_KEY"
