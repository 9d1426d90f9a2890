#!/bin/sh
# List prompts.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/prompts?limit=20" \
  -H "Authorization: Bearer $API_KEY"
