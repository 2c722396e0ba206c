// Subscribes the app to an account, with a callback of its own, and
// unsubscribes it.
'use strict';
const {sdk, data, run} = require('./graph');

run(async ({waba_id, callback, keep}) => {
  const account = new sdk.WhatsAppBusinessAccount(waba_id);
  const list = async () => (await account.getSubscribedApps([])).map(data);
  const subscribed = data(await account.createSubscribedApp([], {override_callback_uri: callback, verify_token: 'hello'}));
  const during = await list();
  const unsubscribed = keep ? null : await account.deleteSubscribedApps();
  const after = await list();
  return {subscribed, during, unsubscribed, after};
});
