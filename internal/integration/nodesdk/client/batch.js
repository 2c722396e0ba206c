// Sends a batch of reads and writes with the SDK's batch API, and then the
// operations that the SDK returns because they were not answered.
'use strict';
const {sdk, api, run} = require('./graph');

run(async ({waba_id, number_id, user_id}) => {
  const answers = {};
  const batch = new sdk.FacebookAdsApiBatch(api);
  const keep = name => [
    response => { answers[name] = {status: response.status, body: response.body}; },
    response => {
      const {name: type, status, message, response: body} = response.error;
      answers[name] = {failed: {name: type, status, message, response: body}};
    },
  ];
  const add = (name, method, path, params) => batch.add(method, path, params, null, ...keep(name));
  const request = (name, built) => batch.addRequest(built, ...keep(name));

  add('account', 'GET', [waba_id], {fields: 'name,currency'});
  add('number', 'GET', [number_id], {fields: ['certificate', 'name_status'].join()});
  add('assign', 'POST', [waba_id, 'assigned_users'], {user: user_id, tasks: ['MANAGE', 'DEVELOP']});
  add('subscribe', 'POST', `v21.0/${waba_id}/subscribed_apps`, {});
  request('numbers', new sdk.APIRequest(waba_id, 'GET', '/phone_numbers').addFields(['id', 'status']).addParam('limit', 1));
  // A request without fields sends the parameter empty.
  request('again', new sdk.APIRequest(waba_id, 'POST', '/subscribed_apps'));
  request('gone', new sdk.APIRequest('123456789012345', 'GET', ''));

  const rest = await batch.execute();
  const first = Object.keys(answers).length;
  const left = rest ? await rest.execute() : null;
  return {answers, first, left};
});
