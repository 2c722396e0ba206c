package sqlstore_test

import (
	"context"
	"database/sql"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

// A backend's start: the tables are brought up to date, and the same database
// keeps the records and, sealed, the secrets.
func Example() {
	ctx := context.Background()
	db, err := sql.Open("pgx", "postgres://onboarding@db/onboarding") // import _ "github.com/jackc/pgx/v5/stdlib"
	if err != nil {
		panic(err)
	}
	defer func() { _ = db.Close() }()
	if err := sqlstore.Migrate(ctx, db, sqlstore.PostgreSQL); err != nil {
		panic(err)
	}
	store, err := sqlstore.New(ctx, db, sqlstore.PostgreSQL)
	if err != nil {
		panic(err)
	}
	keyring, err := signup.NewKeyring("2026-11", map[string][]byte{"2026-11": keyFromSecretManager()})
	if err != nil {
		panic(err)
	}
	secrets := signup.NewSealedVault(store, keyring)
	serve(store, secrets)
}

func keyFromSecretManager() []byte { return make([]byte, signup.KeySize) }

func serve(signup.Store, signup.Vault) {}
