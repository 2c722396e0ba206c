package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Dialect is the kind of database.
type Dialect int

// The databases.
const (
	// SQLite from version 3.24 on.
	SQLite Dialect = iota + 1
	// PostgreSQL from version 12 on.
	PostgreSQL
)

// String names the database.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "SQLite"
	case PostgreSQL:
		return "PostgreSQL"
	}
	return fmt.Sprintf("Dialect(%d)", int(d))
}

// dialect is what differs between the databases.
type dialect struct {
	// words fill in the statements, which are written for PostgreSQL. {now} is the
	// database's clock in nanoseconds; {moment} is the same, read once for a search
	// by index.
	words *strings.Replacer
	// begin begins a transaction that writes, lock one that no other migration shares.
	begin, lock []string
	// server is true for a database server: writers do not wait for each other, and
	// each statement is a journey to the server.
	server bool
	// settings are asked for by New.
	settings []setting
}

const (
	// sqliteNow is the machine's clock. SQLite reads milliseconds. They are rounded up,
	// so that a record is due as soon as it is stored.
	sqliteNow = "(CAST((julianday('now') - 2440587.5) * 86400000 + 1.5 AS INTEGER) * 1000000)"
	// postgresNow is the server's clock, not the begin of the statement, which may
	// have waited.
	postgresNow = "(CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) * 1000)"
)

// setting is a query for one value and what is wrong with it, if anything.
type setting struct {
	query string
	check func(value string) (problem string)
}

func (d Dialect) dialect() (dialect, error) {
	switch d {
	case SQLite:
		return dialect{
			// Numbered parameters, since the same one may stand twice; texts are
			// compared by their bytes anyway. A plus keeps a column from being
			// searched by: without statistics SQLite would rather walk through
			// all ids in order than sort the few that are due.
			words: strings.NewReplacer("$", "?", "{text}", "TEXT", "{bytes}", "BLOB", "{unsearched}", "+",
				"{now}", sqliteNow, "{moment}", sqliteNow, "{skip_locked}", ""),
			// With the write lock: of two transactions that read first and then want
			// to write, one would fail instead of waiting.
			begin: []string{"BEGIN IMMEDIATE"},
			lock:  []string{"BEGIN IMMEDIATE"},
			settings: []setting{
				{"PRAGMA busy_timeout", func(value string) string {
					return unless(value != "0", "has no busy timeout: add _pragma=busy_timeout(10000) to the data source name, or what the driver has for it")
				}},
				{"PRAGMA synchronous", func(value string) string {
					return unless(value == "2" || value == "3", "would lose the last commits in a power cut: add _pragma=synchronous(FULL) to the data source name, or what the driver has for it")
				}},
			},
		}, nil
	case PostgreSQL:
		return dialect{
			// Whatever the collation of the database is, ids are listed by bytes.
			words: strings.NewReplacer("{text}", `TEXT COLLATE "C"`, "{bytes}", "BYTEA", "{unsearched}", "",
				"{now}", postgresNow, "{moment}", "(SELECT "+postgresNow+")", "{skip_locked}", " FOR UPDATE SKIP LOCKED"),
			server: true,
			begin:  []string{"BEGIN"},
			// No other program takes this number: it has the bytes of "wagraph".
			lock: []string{"BEGIN", "SELECT pg_advisory_xact_lock(33602619157082216)"},
			settings: []setting{
				{"SHOW synchronous_commit", func(value string) string {
					return unless(value != "off", "would lose the last commits in a crash: synchronous_commit is off")
				}},
				{"SHOW default_transaction_isolation", func(value string) string {
					return unless(value == "read committed", "lets writers fail instead of waiting: default_transaction_isolation has to be 'read committed', not '"+value+"'")
				}},
				{"SHOW server_encoding", func(value string) string {
					return unless(value == "UTF8", "has the encoding "+value+", which cannot keep every text: it has to be UTF8")
				}},
			},
		}, nil
	}
	return dialect{}, &graph.InputError{Field: "dialect", Reason: fmt.Sprintf("%v is unknown: use SQLite or PostgreSQL", d)}
}

func unless(good bool, problem string) string {
	if good {
		return ""
	}
	return problem
}

// check asks for the settings that the promises of a Store rest on.
func (d dialect) check(ctx context.Context, db *sql.DB) error {
	for _, s := range d.settings {
		var value string
		if err := db.QueryRowContext(ctx, s.query).Scan(&value); err != nil {
			return fmt.Errorf("sqlstore: %s: %w", s.query, err)
		}
		if problem := s.check(value); problem != "" {
			return fmt.Errorf("sqlstore: the database %s", problem)
		}
	}
	return nil
}
