#!/bin/sh
# Quote a tune.
# Run it in docs/samples, or where files of yours have these names.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/tunes/quote" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'tune[title]=order-77' \
  -F 'tune[name]=woman' \
  -F 'tune[base_tune_id]=1504944' \
  -F 'tune[model_type]=faceid' \
  -F 'tune[images][]=@portrait.jpg'
