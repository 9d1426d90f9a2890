#!/bin/sh
# Your account.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/users" \
  -H "Authorization: Bearer $API_KEY"
