#!/bin/sh
# Retrieve a message.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/callbacks/1" \
  -H "Authorization: Bearer $API_KEY"
