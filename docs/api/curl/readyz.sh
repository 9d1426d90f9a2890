#!/bin/sh
# Can it work?.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/readyz"
