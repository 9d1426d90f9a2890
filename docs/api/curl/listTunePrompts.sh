#!/bin/sh
# List a tune's prompts.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/tunes/1504944/prompts?limit=20" \
  -H "Authorization: Bearer $API_KEY"
