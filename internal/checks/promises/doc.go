// Package promises tests the promises of the SDK with every call that it can make:
//
//  1. No secret leaves.
//  2. Nothing is done twice.
//  3. Nothing is lost or invented in a list.
//  4. A customer is never lost in onboarding.
//  5. Errors say what to do.
//  6. The quota is spent well.
//  7. Unknown is not an error.
//  8. It stays small.
//
// It has no code, only tests. Most of them are generated from two lists, of calls
// and of faults:
//
//   - calls_*_test.go list the calls: how each is made through the public API, how
//     often it may take effect, and where the simulator shows that it did. A call
//     that is in no list fails TestCalls_EveryRouteIsCalled, which reads the route
//     constants and the methods from the source.
//   - faults_test.go lists what can go wrong with an attempt, and how a call must
//     end that meets the fault. fault_answers_test.go makes the faults.
//     faults_bodies_test.go has bodies that cannot be read, under every status, and
//     well-formed answers to another question, which only some calls can meet.
//   - call_faults_test.go is the fault matrix: each call meets each fault, once and
//     each time. onboarding_faults_test.go does the same with a whole onboarding.
//     With -short both run a tenth of the combinations, chosen by a seed that the
//     test prints; -args -seed=N chooses the same ones again.
//   - secrets_in_requests_test.go and secrets_in_values_test.go search everything
//     that is sent, reported, logged, traced, printed or stored for every secret,
//     in each form that sdktest.SecretSearch knows.
//   - context_end_test.go, token_sources_test.go, robustness_test.go and
//     broken_http_test.go test what the matrix does not have: contexts that end at
//     any moment, token sources with mistakes, servers that do not speak HTTP.
//   - promises_test.go has one short test for each promise.
//
// All tests run on the simulator, in bubbles of synthetic time, so that an attempt
// that waits a minute for its answer takes no real time.
package promises
