#!/bin/sh
# Describe a clip.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/videos/inspect" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'file=@reference.mp4'
