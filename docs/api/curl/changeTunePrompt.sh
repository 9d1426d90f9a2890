#!/bin/sh
# Change a tune's prompt.
curl -sS -w '\n%{http_code}\n' -X PATCH \
  "$BASE_URL/tunes/1504944/prompts/1" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'prompt[community]=true'
