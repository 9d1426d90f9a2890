#!/bin/sh
# Change a tune.
curl -sS -w '\n%{http_code}\n' -X PATCH \
  "$BASE_URL/tunes/5000001" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'tune[title]=order-78'
