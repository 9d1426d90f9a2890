#!/bin/sh
# This document.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/openapi.json"
