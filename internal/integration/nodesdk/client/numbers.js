// Reads the numbers of each account with their names and certificates, with one
// number on each page, and then again nested in the list of accounts.
'use strict';
const {sdk, api, data, run} = require('./graph');

const fields = ['id', 'display_phone_number', 'verified_name', 'name_status', 'certificate', 'new_display_name', 'new_name_status', 'new_certificate'];

run(async ({business_id, waba_ids}) => {
  const paged = {};
  for (const id of waba_ids) {
    const page = await new sdk.WhatsAppBusinessAccount(id).getPhoneNumbers(fields, {limit: 1});
    paged[id] = page.map(data);
    while (page.hasNext()) {
      await page.next();
      paged[id].push(...page.map(data));
    }
  }
  const nested = {};
  const accounts = await new sdk.Business(business_id).getClientWhatsAppBusinessAccounts([`phone_numbers.limit(1){${fields}}`]);
  for (const account of accounts) {
    let edge = data(account).phone_numbers;
    nested[account.id] = edge.data;
    while (edge.paging.next) {
      edge = await api.call('GET', edge.paging.next);
      nested[account.id].push(...edge.data);
    }
  }
  return {paged, nested};
});
