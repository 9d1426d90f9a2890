#!/bin/sh
# Describe a picture.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/images/describe" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'file=@portrait.jpg'
