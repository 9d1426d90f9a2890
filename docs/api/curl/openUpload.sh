#!/bin/sh
# Open an upload.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/api/direct_uploads" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'blob[filename]=a.jpg' \
  -F 'blob[byte_size]=1024' \
  -F 'blob[checksum]=1B2M2Y8AsgTpgAmY7PhCfg==' \
  -F 'blob[content_type]=image/jpeg'
