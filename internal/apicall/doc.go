// Package apicall makes the calls of waba, phonenumbers and credit: it checks
// the client, the context and the inputs that all of them take, before
// anything is sent.
package apicall
