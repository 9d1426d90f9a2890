#!/bin/sh
# Change your account.
curl -sS -w '\n%{http_code}\n' -X PATCH \
  "$BASE_URL/users" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'user[auto_extend_tunes]=true'
