// Lists accounts page by page to the end, and then back to the first page, with
// the links of the pages.
'use strict';
const {sdk, data, run} = require('./graph');

run(async ({business_id, limit}) => {
  const business = new sdk.Business(business_id);
  const there = async first => {
    const page = await first;
    const forward = [page.map(data)];
    while (page.hasNext()) {
      await page.next();
      forward.push(page.map(data));
    }
    const backward = [];
    while (page.hasPrevious()) {
      await page.previous();
      backward.push(page.map(data));
    }
    return {forward, backward};
  };
  return {
    clients: await there(business.getClientWhatsAppBusinessAccounts(['id', 'name', 'creation_time'], {limit})),
    // No fields: the simulator's defaults. The filter travels as JSON text.
    owned: await there(business.getOwnedWhatsAppBusinessAccounts([], {
      limit: 1,
      sort: 'creation_time_ascending',
      filtering: [{field: 'creation_time', operator: 'GREATER_THAN', value: '1604962813'}],
    })),
  };
});
