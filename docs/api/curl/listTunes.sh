#!/bin/sh
# List tunes.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/tunes" \
  -H "Authorization: Bearer $API_KEY"
