// Package pairs begins two onboardings of the same client at the same time, and checks
// from Meta's side that nothing was done twice.
//
// A Kind prepares a client on a simulator and returns a Pair: two Starts, and what has
// to be there in the end. Each number is registered once with one PIN, the credit line
// is shared once with the business and attached once to each WABA, each WABA is
// subscribed, and no record ends failed. Pair.Wrong compares that with the simulator.
//
// The tests of this package run the pairs in memory, with the time of testing/synctest.
// The tests of internal/integration/pairs run them with several processes and a
// database. Both print what they did: how many pairs of each kind, and in how many of
// them both onboardings read the client before either of them changed it.
package pairs
