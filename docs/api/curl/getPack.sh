#!/bin/sh
# Retrieve a pack.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/p/film-stills"
