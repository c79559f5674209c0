// Makes every call of @symblai/api-client against the address BASE_PATH, for a
// conversation, and prints what each was answered: {"<call>": {status, data,
// message}}. The package is used as it is published.
const symbl = require('@symblai/api-client');

const { BASE_PATH, APP_ID, APP_SECRET, CONVERSATION } = process.env;
const client = symbl.ApiClient.instance;
client.basePath = BASE_PATH;

const answers = {};

// call makes one call and keeps its answer under a name.
function call(name, api, method, ...args) {
  return new Promise((resolve) => {
    api[method](...args, (error, data, response) => {
      const body = (response && response.body) || {};
      answers[name] = {
        status: error ? error.status : response.status,
        data: data === undefined ? null : data,
        message: error ? body.message || String(error) : '',
      };
      resolve(answers[name]);
    });
  });
}

async function main() {
  const auth = new symbl.AuthenticationApi();
  const app = { appId: APP_ID, appSecret: APP_SECRET };
  await call('generateToken', auth, 'generateToken', { type: 'application', ...app });
  await call('generateToken again', auth, 'generateToken', { type: 'application', ...app });
  await call('generateToken with a wrong secret', auth, 'generateToken', { type: 'application', appId: APP_ID, appSecret: 'wrong' });
  client.authentications.jwt.apiKey = answers.generateToken.data.accessToken;

  const all = new symbl.ConversationsApi();
  for (const what of ['Conversation', 'Messages', 'Members', 'Topics', 'Questions', 'ActionItems', 'FollowUps', 'Insights', 'Intents']) {
    const method = what === 'Conversation' ? 'getConversationById' : `get${what}ByConversationId`;
    await call(method, all, method, CONVERSATION);
    if (what !== 'Conversation') {
      await call(`${what}Api`, new symbl[`${what}Api`](), method, CONVERSATION);
    }
  }
  await call('an unknown conversation', all, 'getConversationById', '4549300882243584');

  await call('connectToEndpoint', new symbl.ConnectionToEndpointApi(), 'connectToEndpoint', {});
  await call('externalEventWebHook', new symbl.ExternalEventWebHookApi(), 'externalEventWebHook', 'connection', {});
  await call('generateInsights', new symbl.LanguageInsightsApi(), 'generateInsights', {});

  await call('refreshToken', auth, 'refreshToken', { ...app, refreshToken: client.authentications.jwt.apiKey });
  client.authentications.jwt.apiKey = answers.refreshToken.data.accessToken;
  await call('after refreshToken', all, 'getConversationById', CONVERSATION);
  await call('revokeToken', auth, 'revokeToken', app);
  await call('after revokeToken', all, 'getConversationById', CONVERSATION);
  console.log(JSON.stringify(answers));
}

main();
