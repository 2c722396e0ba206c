// Assigns a system user to an account with tasks, lists the assigned users, and
// removes the assignment.
'use strict';
const {sdk, data, run} = require('./graph');

run(async ({business_id, waba_id, keep}) => {
  const users = (await new sdk.Business(business_id).getSystemUsers(['id', 'name', 'role'])).map(data);
  const user = users.find(one => one.role === 'EMPLOYEE').id;
  const account = new sdk.WhatsAppBusinessAccount(waba_id);
  const assigned = data(await account.createAssignedUser([], {user, tasks: ['MANAGE_PHONE', 'DEVELOP']}));
  const listed = (await account.getAssignedUsers(['id', 'name', 'tasks', 'user_type'], {business: business_id})).map(data);
  const unassigned = keep ? null : await account.deleteAssignedUsers({user});
  return {users, assigned, listed, unassigned};
});
