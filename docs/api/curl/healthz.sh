#!/bin/sh
# Is it up?.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/healthz"
