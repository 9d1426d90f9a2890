#!/bin/sh
# Hand over to an assistant.
curl -sS -w '\n%{http_code}\n' -X POST \
  "$BASE_URL/api/agent_handoffs" \
  -H "Authorization: Bearer $API_KEY"
