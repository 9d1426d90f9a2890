#!/bin/sh
# Retrieve a clip's description.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/videos/inspect/1" \
  -H "Authorization: Bearer $API_KEY"
