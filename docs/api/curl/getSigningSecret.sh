#!/bin/sh
# The signing secret.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/callbacks/secret" \
  -H "Authorization: Bearer $API_KEY"
