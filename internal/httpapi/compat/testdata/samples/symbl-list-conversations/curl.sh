curl "https://api.symbl.ai/v1/conversations" \
    -H "Authorization: Bearer $AUTH_TOKEN"
