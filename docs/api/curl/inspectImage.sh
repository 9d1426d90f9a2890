#!/bin/sh
# Inspect a training photo.
# Run it in docs/samples, or where files of yours have these names.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/images/inspect" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'file=@portrait.jpg'
