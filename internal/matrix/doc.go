// Package matrix holds the SDK's promises against every call that it can make:
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
// It has no code of its own, only tests, and most of them are generated:
//
//   - calls_*_test.go list the calls: how each is made through the public API,
//     how often it may take effect, and where the simulator's truth shows that
//     it did. A call that is in no list fails [TestEveryCallIsInTheMatrix],
//     which reads the route constants and the methods from the source.
//   - faults_test.go lists what can happen to an attempt, and how a call has to
//     end that meets it.
//   - matrix_test.go makes every call meet every fault, once and each time.
//     flow_test.go does the same to a whole onboarding.
//   - canary_*_test.go search everything that is said, logged, traced, printed
//     or stored for every secret that was sent or received, in a dozen forms.
//   - hostile_test.go and socket_test.go are what no table holds: contexts that
//     end anywhere, token sources that misbehave, servers that do not speak HTTP.
//   - promises_test.go has one short test per promise.
//
// Everything runs on the simulator, in bubbles of synthetic time: an attempt
// that waits a minute for its answer costs nothing.
package matrix
