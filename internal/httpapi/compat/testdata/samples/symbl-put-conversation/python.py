import requests

baseUrl = "https://api.symbl.ai/v1/conversations/{conversationId}"

url = baseUrl 

# Set your access token here. See https://docs.symbl.ai/docs/developer-tools/authentication
access_token = 'your_access_token'

headers = {
    'Authorization': 'Bearer ' + access_token,
    'Content-Type': 'application/json'
}

responses = {
    401: 'Unauthorized. Please generate a new access token.',
    404: 'The conversation and/or it\'s metadata you asked could not be found, please check the input provided',
    500: 'Something went wrong! Please contact support@symbl.ai'
}

response = requests.request("GET", url, headers=headers)

if response.status_code == 200:
    # Successful API execution
    print("id => " + response.json()['id'])  # conversationId.
    print("type => " + response.json()['type'])  # <string> type of conversation, default is meeting
    print("name => " + response.json()['name'])  # <string> name of conversation
    print("startTime => " + response.json()['startTime'])  # <datetime value> start time of conversation
    print("endTime => " + response.json()['endTime'])  # <datetime value> end time of conversation
    print("members => " + str(response.json()['members']))  # <list of member objects containing name and email if detected> members who were part of conversation
elif response.status_code in responses.keys():
    print(responses[response.status_code])  # Expected error occurred
else:
    print("Unexpected error occurred. Please contact support@symbl.ai" + ", Debug Message => " + str(response.text))

exit()
