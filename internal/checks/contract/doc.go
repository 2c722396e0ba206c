// Package contract compares this module with the specifications of the Graph API
// that Meta publishes.
//
// Meta publishes two machine-readable descriptions: the schema from which its
// business SDKs are generated (node types, edges, parameters and enums), and an
// OpenAPI document for WhatsApp (routes, bodies and answers). Neither is part of
// this module. The program in the extract directory reads both and writes only the
// facts: testdata/codegen.json and testdata/openapi.json, one fact a line, so that
// a newer specification shows as a readable diff.
//
// The SDK and the simulator are two independent readings of the same API. A test
// turns each into the form of the facts, a [Source], and calls [Compare]: Meta must
// know each route, parameter, field and enum value. The simulator has a list of
// what it serves. For the SDK, the test calls each method with each value of its
// enums and records the requests, so that nothing has to be exported or listed
// twice for the test.
//
// testdata/exceptions.json lists the differences that are intended, where Meta
// documents something only in prose or contradicts itself. Each has its reason and
// its source. A difference that is not listed fails the test, and so does an
// exception that is no longer needed. An exception for a whole call has the
// parameters and the answer that its source documents, and the call is compared
// with those.
package contract
