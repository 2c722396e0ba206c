// Lists every allocation of the credit line, with one on each page, revokes one,
// and reads the revoked one.
'use strict';
const {sdk, data, run} = require('./graph');

run(async ({credit_line_id, allocation_id}) => {
  const line = new sdk.ExtendedCredit(credit_line_id);
  const list = async () => {
    const page = await line.getOwningCreditAllocationConfigs(['id'], {limit: 1});
    const ids = page.map(one => one.id);
    while (page.hasNext()) {
      await page.next();
      ids.push(...page.map(one => one.id));
    }
    return ids;
  };
  const before = await list();
  const revoked = await new sdk.ExtendedCreditAllocationConfig(allocation_id).delete([]);
  const left = data(await new sdk.ExtendedCreditAllocationConfig(allocation_id).get(['receiving_business', 'receiving_credential', 'request_status']));
  return {before, revoked, left, after: await list()};
});
