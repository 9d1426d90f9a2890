#!/bin/sh
# Published results.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/gallery.json?limit=20"
