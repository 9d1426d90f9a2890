#!/bin/sh
# Write a set of prompts.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/themes" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'theme[theme]=circus'
