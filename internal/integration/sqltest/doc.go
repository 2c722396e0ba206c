// Package sqltest opens real databases for tests: a SQLite file, and a
// PostgreSQL server that it starts from the installed programs and stops again.
// It is a module of its own so that the drivers stay out of the others, and its
// tests run the suite of package storetest on package sqlstore.
//
// Without PostgreSQL the tests fail, and say what to install. Setting
// WAGRAPH_SQLITE_ONLY=1 leaves PostgreSQL out on purpose.
package sqltest
