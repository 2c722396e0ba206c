package sqlstore_test

import (
	"context"
	"database/sql"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
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
	keyring, err := vault.NewKeyring("2026-11", map[string][]byte{"2026-11": keyFromSecretManager()})
	if err != nil {
		panic(err)
	}
	secrets, err := vault.NewSealedVault(store, keyring)
	if err != nil {
		panic(err)
	}
	serve(store, secrets)
}

func keyFromSecretManager() []byte { return make([]byte, vault.KeySize) }

func serve(onboard.Store, vault.Vault) {}
