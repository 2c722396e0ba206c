// Package contract compares what this module believes about Meta's Graph API
// with what Meta itself publishes about it.
//
// Meta publishes two machine-readable descriptions: the schema that its
// business SDKs are generated from (node types, edges, parameters, enums, all
// dumped from the live schema), and an OpenAPI document for WhatsApp (routes,
// bodies, answers). Neither is part of this module. The program in the extract
// directory reads both and writes down the bare facts: testdata/codegen.json
// and testdata/openapi.json, one fact a line, so that a newer specification
// shows as a readable diff.
//
// The SDK and the simulator are two independent readings of the same wire. A
// test turns each into the same shape as the facts, a [Source], and [Compare]s
// it: every route, parameter, field and enum value must be known to Meta. The
// simulator says what it serves. Of the SDK every method is called, with every
// value of its enums, and what arrives at the other end is written down; so
// nothing has to be exported, or listed twice, for the test's sake.
//
// What Meta documents only in prose, or contradicts itself about, stands in
// testdata/exceptions.json with its reason and its source. A difference that is
// not listed there fails, and so does a listed one that no longer exists. An
// exception for a whole call says what its source says about the call's
// parameters and answer, and those are compared instead.
package contract
