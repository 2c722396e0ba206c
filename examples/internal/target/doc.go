// Package target decides where an example program calls: the simulator embedded
// in the process, or whatever Graph-compatible server the environment names.
//
// Every example reads the same variables:
//
//	WAGRAPH_BASE_URL         the server; https://graph.facebook.com if another one is set and this is not
//	WAGRAPH_TOKEN            the token of an admin system user of the partner
//	WAGRAPH_APP_ID           the partner's app
//	WAGRAPH_APP_SECRET       its secret; with it every call carries an appsecret_proof
//	WAGRAPH_BUSINESS_ID      the partner's own portfolio
//	WAGRAPH_SYSTEM_USER_ID   the system user of WAGRAPH_TOKEN, by the id that the API returns
//	WAGRAPH_CREDIT_LINE_ID   the partner's credit line
//
// With none of them set an example runs against the simulator, which has all of
// this and a world of clients besides. With any of them set, what the example
// needs and does not find is an error that names the variable.
package target
