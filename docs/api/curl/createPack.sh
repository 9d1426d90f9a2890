#!/bin/sh
# Create a pack.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/packs" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'pack[title]=Autumn' \
  -F 'pack[base_tune_id]=1504944' \
  -F 'pack[model_type]=lora'
