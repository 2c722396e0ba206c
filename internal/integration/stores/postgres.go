package stores

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
)

// SQLiteOnly is the environment variable that skips the tests with PostgreSQL.
const SQLiteOnly = "WAGRAPH_SQLITE_ONLY"

// Server is a PostgreSQL server that one test started.
type Server struct {
	bin, dir string
	account  *account
	schemas  atomic.Int64
	process  *exec.Cmd
	ended    chan struct{} // is closed at the end of the process's log
}

// role owns the databases of the test.
const role = "wagraph"

// PostgreSQL starts a server that runs until the end of the test. It listens only on
// a socket in a temporary directory, and does not wait for the disk. If root runs the
// test, the server runs as an account without privileges, because PostgreSQL refuses
// to run as root.
//
// Its collation is that of American English. If names are listed in the order of
// their bytes, it is because the tables say so.
func PostgreSQL(t testing.TB) *Server {
	t.Helper()
	if os.Getenv(SQLiteOnly) != "" {
		t.Skipf("%s is set: unset it, and install PostgreSQL (Debian: apt-get install postgresql), to test with PostgreSQL", SQLiteOnly)
	}
	bin, err := programs()
	require.NoError(t, err)
	account, err := unprivileged()
	require.NoError(t, err)
	s := &Server{bin: bin, dir: t.TempDir(), account: account}
	require.NoError(t, account.takeOver(s.dir))

	initdb := exec.CommandContext(t.Context(), filepath.Join(bin, "initdb"), "-D", s.data(), "-U", role, "--auth=trust", "--no-sync",
		"--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US")
	account.run(initdb, s.dir)
	output, err := initdb.CombinedOutput()
	require.NoError(t, err, "initdb: %s", output)
	require.NoError(t, s.start(t.Context()))
	t.Cleanup(func() { require.NoError(t, s.stop()) })
	return s
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// start starts the server, and waits until it accepts connections. The server has no
// context that ends with the test's, because that ends before the cleanup that stops it.
func (s *Server) start(ctx context.Context) error {
	s.process = exec.CommandContext(context.WithoutCancel(ctx), filepath.Join(s.bin, "postgres"), "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "lc_messages=C")
	s.account.run(s.process, s.dir)
	log, err := s.process.StderrPipe()
	if err != nil {
		return err
	}
	if err := s.process.Start(); err != nil {
		return err
	}
	ready, ended := make(chan error, 1), make(chan struct{})
	s.ended = ended
	go func() {
		defer close(ended)
		watch(log, ready)
	}()
	return <-ready
}

// stop stops the server at once, as a crash would.
func (s *Server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGQUIT); err != nil {
		return err
	}
	<-s.ended
	err := s.process.Wait()
	if _, exited := errors.AsType[*exec.ExitError](err); exited {
		return nil
	}
	return err
}

// Restart stops the server at once, as a crash would, and starts it again. Its
// connections break, and what was committed stays.
func (s *Server) Restart(ctx context.Context) error {
	if err := s.stop(); err != nil {
		return err
	}
	return s.start(ctx)
}

// watch reads the server's log to its end. It sends nil when the log says that the
// server accepts connections, and an error if the log ends before.
func watch(log io.Reader, ready chan<- error) {
	var said bytes.Buffer
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "ready to accept connections") {
			ready <- nil
			break
		}
	}
	_, err := io.Copy(io.Discard, log)
	select {
	case ready <- errors.Join(fmt.Errorf("postgres ended: %s", said.String()), err):
	default: // it was ready
	}
}

// Source creates an empty schema and returns its data source name for the driver pgx.
func (s *Server) Source(t testing.TB) string {
	t.Helper()
	source := fmt.Sprintf("host=%s user=%s database=postgres", s.dir, role)
	schema := fmt.Sprintf("test_%d", s.schemas.Add(1))
	_, err := Open(t, "pgx", source).ExecContext(t.Context(), "CREATE SCHEMA "+schema)
	require.NoError(t, err)
	return source + " search_path=" + schema
}

// Open opens a handle for the driver "sqlite" or "pgx". It is closed at the end of
// the test.
func Open(t testing.TB, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	require.NoError(t, err)
	db.SetMaxIdleConns(4)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// Database opens an empty schema with the tables in it.
func (s *Server) Database(t testing.TB) *sql.DB {
	t.Helper()
	db := Open(t, "pgx", s.Source(t))
	require.NoError(t, sqlstore.Migrate(t.Context(), db, sqlstore.PostgreSQL))
	return db
}

// programs returns the directory with initdb and postgres. Debian has a directory
// for each version, and none of them is in PATH.
func programs() (dir string, err error) {
	candidates, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.SortFunc(candidates, func(a, b string) int { return version(b) - version(a) })
	if path, err := exec.LookPath("initdb"); err == nil {
		candidates = append(candidates, filepath.Dir(path))
	}
	for _, dir := range candidates {
		_, noInit := os.Stat(filepath.Join(dir, "initdb"))
		_, noServer := os.Stat(filepath.Join(dir, "postgres"))
		if noInit == nil && noServer == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("the programs initdb and postgres are not in /usr/lib/postgresql/*/bin and not in PATH: "+
		"install PostgreSQL 15 or newer (Debian: apt-get install postgresql), or set %s=1 to test with SQLite only", SQLiteOnly)
}

// version returns the version in a path such as /usr/lib/postgresql/15/bin.
func version(dir string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return n
}
