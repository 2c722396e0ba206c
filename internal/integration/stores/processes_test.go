package stores

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// Environment variables of a child process.
const (
	childWork   = "WAGRAPH_CHILD"
	childSource = "WAGRAPH_CHILD_SOURCE"
)

// TestMain runs the tests, or the work of a child process.
func TestMain(m *testing.M) {
	work := os.Getenv(childWork)
	if work == "" {
		os.Exit(m.Run())
	}
	if err := child(context.Background(), work, os.Getenv(childSource)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// counts is how often each process adds one.
const counts = 40

func child(ctx context.Context, work, source string) error {
	driver, dialect := "sqlite", sqlstore.SQLite
	if source[:5] != "file:" {
		driver, dialect = "pgx", sqlstore.PostgreSQL
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	store, err := sqlstore.New(ctx, db, dialect)
	if err != nil {
		return err
	}
	if work == "count" {
		return count(ctx, store)
	}
	for n := 0; ; n++ { // until it is killed
		record, err := store.Insert(ctx, aRecord(fmt.Sprintf("%s-%06d", work, n)))
		if err != nil {
			return err
		}
		if _, err = store.Update(ctx, record); err != nil {
			return err
		}
		ref := vault.Ref{Tenant: "acme", Record: record.ID, Kind: vault.SecretToken}
		if err = store.PutSealed(ctx, vault.SealedSecret{Ref: ref, Key: "k", Data: []byte(record.ID)}); err != nil {
			return err
		}
		fmt.Println(record.ID)
	}
}

func count(ctx context.Context, store onboard.Store) error {
	for done := 0; done < counts; {
		record, err := store.Get(ctx, "counter")
		if err != nil {
			return err
		}
		record.Steps[0].Attempts++
		switch _, err = store.Update(ctx, record); {
		case err == nil:
			done++
		case !errors.Is(err, onboard.ErrConflict):
			return err
		}
	}
	return nil
}

func startChild(t *testing.T, work, source string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childWork+"="+work, childSource+"="+source)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return cmd, bufio.NewScanner(out)
}

// processesCount lets four processes add to one counter.
func processesCount(t *testing.T, b backend) {
	source := b.empty(t)
	db := Open(t, b.driver, source)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	store := b.store(t, db)
	_, err := store.Insert(t.Context(), aRecord("counter"))
	require.NoError(t, err)
	var others []*exec.Cmd
	for range 3 {
		other, _ := startChild(t, "count", source)
		others = append(others, other)
	}
	require.NoError(t, count(t.Context(), store))
	for _, other := range others {
		require.NoError(t, other.Wait())
	}
	record, err := store.Get(t.Context(), "counter")
	require.NoError(t, err)
	require.Equal(t, 4*counts, record.Steps[0].Attempts, "no process overwrote the count of another one")
}

// acknowledgedWritesSurvive kills writers in the middle of their work, and then reads
// every write that the database had acknowledged to them.
func acknowledgedWritesSurvive(t *testing.T, b backend) {
	source := b.empty(t)
	db := Open(t, b.driver, source)
	require.NoError(t, sqlstore.Migrate(t.Context(), db, b.dialect))
	store := b.store(t, db)
	for round := range 3 {
		writer, said := startChild(t, fmt.Sprintf("writer%d", round), source)
		var acknowledged []string
		for said.Scan() {
			acknowledged = append(acknowledged, said.Text())
			if len(acknowledged) == 20 {
				require.NoError(t, writer.Process.Kill())
			}
		}
		var killed *exec.ExitError
		require.ErrorAs(t, writer.Wait(), &killed)
		require.GreaterOrEqual(t, len(acknowledged), 20)
		for _, id := range acknowledged {
			record, err := store.Get(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, int64(2), record.Revision)
			sealed, err := store.GetSealed(t.Context(), vault.Ref{Tenant: "acme", Record: id, Kind: vault.SecretToken})
			require.NoError(t, err)
			require.Equal(t, id, string(sealed.Data))
		}
	}
}
