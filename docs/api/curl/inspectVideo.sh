#!/bin/sh
# Describe a clip.
# Run it in docs/samples, or where files of yours have these names.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/videos/inspect" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'file=@reference.mp4'
