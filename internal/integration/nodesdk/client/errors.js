// Makes calls that Graph refuses, and prints the SDK's FacebookRequestError for each.
'use strict';
const {sdk, client, run} = require('./graph');

const refused = attempt => attempt.then(
  result => ({accepted: result}),
  error => ({
    is_request_error: error.name === 'FacebookRequestError',
    status: error.status,
    message: error.message,
    response: error.response,
    usage: error.headers ? error.headers['x-business-use-case-usage'] : undefined,
    challenge: error.headers ? error.headers['www-authenticate'] : undefined,
  }),
);

run(async ({waba_id, owned_id, credit_line_id}) => {
  const account = () => new sdk.WhatsAppBusinessAccount(waba_id);
  const line = new sdk.ExtendedCredit(credit_line_id);
  return {
    throttled: await refused(account().read(['name'])),
    gone: await refused(new sdk.WhatsAppBusinessAccount('123456789012345').read(['name'])),
    field: await refused(account().read(['name', 'shoe_size'])),
    token: await refused(new sdk.WhatsAppBusinessAccount(waba_id, {}, undefined, client('EAAdead')).read(['name'])),
    missing: await refused(account().getAssignedUsers(['id'])),
    lost: await refused(line.createWhatsAppCreditSharingAndAttach([], {waba_id, waba_currency: 'GBP'})),
    blamed: await refused(line.createWhatsAppCreditSharingAndAttach([], {waba_id: owned_id, waba_currency: 'EUR'})),
  };
});
