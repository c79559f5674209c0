curl --request PUT \
  --url https://api.attention.tech/v2/conversations/{id} \
  --header 'Authorization: <api-key>' \
  --header 'Content-Type: application/json' \
  --data '
{
  "title": "<string>",
  "labels": {}
}
'
