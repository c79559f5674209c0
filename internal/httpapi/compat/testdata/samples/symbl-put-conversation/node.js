const request = require('request');
const authToken = AUTH_TOKEN;

request.get({
    url: `https://api.symbl.ai/v1/conversations/{conversationId}`,
    headers: { 'Authorization': `Bearer ${authToken}` },
    json: true
}, (err, response, body) => {
    console.log(body);
});
