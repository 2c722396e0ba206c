// Package target decides where an example program calls: the simulator embedded
// in the process, or the Graph-compatible server that the environment names.
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
// The two secrets may be in files: WAGRAPH_TOKEN_FILE and WAGRAPH_APP_SECRET_FILE
// name them.
//
// With none of them set an example runs against the simulator, which has all of
// this, and clients. With any of them set, a variable that the
// example needs and does not find is an error that names the variable.
package target
