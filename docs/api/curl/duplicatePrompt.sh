#!/bin/sh
# Make a prompt again.
# Ids in its address are those of a fresh installation: put yours in their place.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/prompts/1/duplicate" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'prompt[seed]=7'
