#!/bin/sh
# Send a message again.
# Ids in its address are those of a fresh installation: put yours in their place.
curl -sS -w '\n%{http_code}\n' -X POST \
  "$BASE_URL/callbacks/1/resend" \
  -H "Authorization: Bearer $API_KEY"
