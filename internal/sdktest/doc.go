// Package sdktest has what the tests of this module's packages share: a client
// of the simulator for the partner or for a customer (harness.go), a scripted
// round tripper in place of the network (wire.go, answers.go, body.go), a
// search for secrets in text (secrets.go), and a check that zero values do not
// panic (zero.go).
package sdktest
