// Reads several accounts with one call.
'use strict';
const {sdk, run} = require('./graph');

run(async ({waba_ids}) => {
  const objects = await sdk.WhatsAppBusinessAccount.getByIds(waba_ids, ['name', 'owner_business_info']);
  // The SDK puts the whole answer into the id of the object.
  return objects.map(object => object.id);
});
