// Lets @symblai/symbl-js, as it is published, log in at the address BASE_PATH
// in both of its ways, and prints the tokens that it holds then. Whatever else
// the package does goes over a WebSocket.
const { SDK } = require('@symblai/symbl-js');

const { BASE_PATH, APP_ID, APP_SECRET } = process.env;

async function login(options) {
  const sdk = new SDK();
  sdk.oauth2.setBasePath(BASE_PATH);
  await sdk.init({ basePath: BASE_PATH, ...options });
  return sdk.oauth2.activeToken;
}

async function main() {
  const byApp = await login({ appId: APP_ID, appSecret: APP_SECRET });
  const byToken = await login({ accessToken: byApp });
  const wrong = await login({ appId: APP_ID, appSecret: 'wrong' }).then(() => 'accepted', () => 'refused');
  console.log(JSON.stringify({ byApp, byToken, wrong }));
  process.exit(0); // the package keeps a timer for the next token
}

main();
