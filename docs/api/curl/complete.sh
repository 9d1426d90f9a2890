#!/bin/sh
# Complete a text.
curl -sS -w '\n%{http_code}\n' -X POST \
  "$BASE_URL/assist/complete" \
  -H "Authorization: Bearer $API_KEY"
