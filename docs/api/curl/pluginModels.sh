#!/bin/sh
# Catalog.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/plugin/models"
