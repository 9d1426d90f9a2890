#!/bin/sh
# Run a pack.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/p/film-stills/tunes" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'tune[tune_ids]=1533312'
