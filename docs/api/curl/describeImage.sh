#!/bin/sh
# Describe a picture.
# Run it in docs/samples, or where files of yours have these names.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/images/describe" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'file=@portrait.jpg'
