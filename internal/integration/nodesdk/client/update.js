// Changes an account by assigning to a field of the SDK's object for it.
'use strict';
const {sdk, data, run} = require('./graph');

run(async ({waba_id, name}) => {
  const read = async () => data(await new sdk.WhatsAppBusinessAccount(waba_id).read(['name'])).name;
  const before = await read();
  const account = new sdk.WhatsAppBusinessAccount(waba_id);
  account.name = name;
  const updated = await account.update([]);
  return {before, updated, after: await read()};
});
