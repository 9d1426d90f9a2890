#!/bin/sh
# Send a message again.
curl -sS -w '\n%{http_code}\n' -X POST \
  "$BASE_URL/callbacks/1/resend" \
  -H "Authorization: Bearer $API_KEY"
