#!/bin/sh
# Like a prompt, or no longer.
curl -sS -w '\n%{http_code}\n' -X POST \
  "$BASE_URL/prompts/1/like" \
  -H "Authorization: Bearer $API_KEY"
