#!/bin/sh
# Delete a prompt.
curl -sS -w '\n%{http_code}\n' -X DELETE \
  "$BASE_URL/prompts/1" \
  -H "Authorization: Bearer $API_KEY"
