#!/bin/sh
# Retrieve a prompt.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/prompts/1" \
  -H "Authorization: Bearer $API_KEY"
