#!/bin/sh
# Inspect a training photo.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/images/inspect" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'file=@portrait.jpg'
