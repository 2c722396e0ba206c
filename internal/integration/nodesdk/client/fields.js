// Reads all fields that the SDK knows of a type, with one call.
'use strict';
const {sdk, data, run} = require('./graph');

run(async ({nodes}) => {
  const answers = {};
  for (const [type, id] of Object.entries(nodes)) {
    const node = new sdk[type](id);
    answers[type] = data(await node.read(Object.values(sdk[type].Fields)));
  }
  return answers;
});
