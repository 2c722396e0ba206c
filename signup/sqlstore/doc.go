// Package sqlstore keeps the records and the sealed secrets of onboardings in a
// SQL database: SQLite for one machine, PostgreSQL for many. It works on a
// database/sql handle and brings no driver; modernc.org/sqlite and
// github.com/jackc/pgx/v5/stdlib are the ones that it is tested with.
//
//	db, err := sql.Open("pgx", "postgres://...")
//	err = sqlstore.Migrate(ctx, db, sqlstore.PostgreSQL)
//	store, err := sqlstore.New(ctx, db, sqlstore.PostgreSQL)
//	secrets, err := vault.NewSealedVault(store, keyring)
//
// A [Store] is an onboard.Store and a vault.Storage, and safe for concurrent use by
// any number of processes. No transaction is open while a caller's code runs.
//
// # Tables
//
// wagraph_signups has a row per record: the record as JSON in data, and beside it
// the columns that are searched. wagraph_objects has a row for each business, WABA
// and number that a record is about. wagraph_leases has a row for each object that
// is leased; one whose held_until has passed counts for nothing. wagraph_secrets has
// a row per sealed secret, and what is in its data is ciphertext. wagraph_schema says
// which migrations were applied. [Migrate] makes and changes them; it may run in
// several processes at once, and each deployment may begin with it.
//
// # The clock
//
// Each statement about a lease, or about what is due, reads the clock itself: that of
// the server with PostgreSQL, and that of the machine with SQLite. No time of a
// process is compared, so the clocks of the processes may differ. The clock must not
// be set back or forward by more than a part of Config.Lease: a lease would end later
// or earlier than its worker expects.
//
// # SQLite
//
// The connections of one file wait for each other only if they are told to, and
// a commit survives a power cut only if it is synchronous. Both are settings of a
// connection, so they belong into the data source name:
//
//	file:onboarding.db?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)
//
// [New] refuses a handle without a busy timeout or with a synchronous setting
// below FULL. SQLite's clock has milliseconds. An in-memory database belongs to a
// single connection; for tests, onboard.NewMemoryStore is simpler.
//
// # PostgreSQL
//
// The handle must lead to the primary: a replica shows records as they were.
// synchronous_commit must not be off where a lost token would be a lost client;
// [New] refuses it, and a default_transaction_isolation other than read committed:
// then writers would fail instead of waiting for each other. Names are compared by
// their bytes whatever the database's collation, and the encoding must be UTF8.
package sqlstore
