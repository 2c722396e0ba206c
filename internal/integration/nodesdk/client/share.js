// Shares the credit line with the owner of an account, and checks that it is
// attached: the credential of the allocation pays for the account.
'use strict';
const {sdk, data, run} = require('./graph');

run(async ({business_id, waba_id, currency}) => {
  const [line] = await new sdk.Business(business_id).getExtendedCredits(['id', 'legal_entity_name']);
  const account = await new sdk.WhatsAppBusinessAccount(waba_id).read(['owner_business_info', 'primary_funding_id']);
  const client = account.owner_business_info.id;
  const find = async () => (await line.getOwningCreditAllocationConfigs(
    ['id', 'receiving_business', 'receiving_credential{id}'], {receiving_business_id: client})).map(data);
  const before = await find();
  const shared = data(await line.createWhatsAppCreditSharingAndAttach([], {waba_id, waba_currency: currency}));
  const after = await find();
  const funded = data(await new sdk.WhatsAppBusinessAccount(waba_id).read(['primary_funding_id', 'currency']));
  return {line: data(line), client, before, shared, after, funded};
});
