#!/bin/sh
# Create a prompt, the tune in its body.
curl -sS -w '\n%{http_code}\n' "$BASE_URL/prompts" \
  -H "Authorization: Bearer $API_KEY" \
  -F 'prompt[tune_id]=1504944' \
  --form-string 'prompt[text]=<lora:1533312:1.0> A thoughtful ohwx woman in a hidden urban garden, soft evening light' \
  -F 'prompt[video_model]=seedance_v15_720p' \
  -F 'prompt[video_prompt]=She looks at the camera and smiles, slow pan left' \
  -F 'prompt[video_duration]=5' \
  -F 'prompt[aspect_ratio]=16:9'
