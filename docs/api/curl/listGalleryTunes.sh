#!/bin/sh
# Public tunes.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/gallery/tunes"
