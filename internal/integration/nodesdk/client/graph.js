// Sets the Graph host of Meta's SDK to the one of the input, and prints what a
// program returns.
'use strict';
const fs = require('fs');
const sdk = require('facebook-nodejs-business-sdk');

const input = JSON.parse(fs.readFileSync(0, 'utf8'));

// The SDK has no option for its host: it asks this getter before every call.
Object.defineProperty(sdk.FacebookAdsApi, 'GRAPH', {get: () => input.base_url});

// The last argument switches off the SDK's crash reports to Meta.
const client = token => new sdk.FacebookAdsApi(token, 'en_US', false);
const api = client(input.token);
sdk.FacebookAdsApi.setDefaultApi(api);

// The SDK's objects have the answer in _data.
const data = object => object._data;

const run = program => program(input).then(
  result => process.stdout.write(JSON.stringify(result)),
  error => {
    console.error(error);
    process.exitCode = 1;
  },
);

module.exports = {sdk, api, client, data, run};
