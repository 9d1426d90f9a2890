#!/bin/sh
# Catalog.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/cli/models"
