#!/bin/sh
# Retrieve a tune.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/tunes/1504944" \
  -H "Authorization: Bearer $API_KEY"
