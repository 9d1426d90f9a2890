#!/bin/sh
# Replace the signing secret.
curl -sS -w '\n%{http_code}\n' -X POST \
  "$BASE_URL/callbacks/secret" \
  -H "Authorization: Bearer $API_KEY"
