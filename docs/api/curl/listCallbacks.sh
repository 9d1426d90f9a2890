#!/bin/sh
# List messages.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/callbacks" \
  -H "Authorization: Bearer $API_KEY"
