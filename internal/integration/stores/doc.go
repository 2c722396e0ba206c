// Package stores opens real databases for tests: a SQLite file, and a PostgreSQL
// server that it starts from the installed programs and stops again. Its tests run
// the conformance suite of package storetest on package sqlstore with both.
//
// Without PostgreSQL the tests fail, and the error says what to install. If
// WAGRAPH_SQLITE_ONLY=1 is set, the tests with PostgreSQL are skipped.
package stores
