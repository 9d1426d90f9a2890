#!/bin/sh
# Like a prompt, or no longer.
# Ids in its address are those of a fresh installation: put yours in their place.
curl -sS -w '\n%{http_code}\n' -X POST \
  "$BASE_URL/prompts/1/like" \
  -H "Authorization: Bearer $API_KEY"
