curl "https://api.symbl.ai/v1/conversations/{conversationId}" \
    -H "Authorization: Bearer $AUTH_TOKEN"
