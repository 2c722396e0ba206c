package killtest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/crash"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// asProcess is the environment variable that makes the test's binary one of the
// processes that may be killed.
const asProcess = "WAGRAPH_KILLTEST_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(asProcess) == "" {
		flag.Parse()
		// The tests wait for processes most of the time.
		if err := flag.Set("test.parallel", "24"); err != nil {
			panic(err)
		}
		os.Exit(m.Run())
	}
	if err := process(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// order is what a process gets on its standard input. It has the secrets in plain
// text, because it stands for the partner's configuration.
type order struct {
	Variant  string
	BaseURL  string
	Database database
	Worker   string
	// Point and Index say where the process ends itself. It does not if they are
	// empty and negative.
	Point string
	Index int

	App, AppSecret, Business, Token, Employee, Line string
	Code, AccessToken, ClientToken, ClientBusiness  string
	WABAs                                           []graph.WABAID
	Numbers                                         []graph.PhoneNumberID
}

// outcome is what a process that was not killed prints at its end.
type outcome struct {
	Record onboard.Record
	Points []string
	PINs   map[graph.PhoneNumberID]string
}

// maxRun ends a process that would run for ever.
const maxRun = time.Minute

// process onboards a client as its order says.
func process() (err error) {
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxRun)
	defer cancel()
	db, err := sql.Open(o.Database.Driver, o.Database.Source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	inner, err := sqlstore.New(ctx, db, o.Database.Dialect)
	if err != nil {
		return err
	}
	points := crash.New(func(point string, index int) bool { return point == o.Point || index == o.Index }, killSelf)
	store := points.Store(inner)
	secrets, err := vault.NewSealedVault(points.Storage(inner), keyring())
	if err != nil {
		return err
	}
	v, flow, err := o.flow(points, store, secrets)
	if err != nil {
		return err
	}
	record, err := o.onboard(ctx, v, flow, db, inner)
	if err != nil {
		return err
	}
	done := outcome{Record: record, Points: points.Names(), PINs: map[graph.PhoneNumberID]string{}}
	for _, n := range record.Numbers {
		pin, err := secrets.Get(ctx, vault.Ref{Tenant: record.Tenant, Kind: vault.SecretPIN, Subject: string(n.ID)})
		if errors.Is(err, vault.ErrNoSecret) {
			continue
		}
		if err != nil {
			return err
		}
		done.PINs[n.ID] = pin.Reveal()
	}
	return json.NewEncoder(os.Stdout).Encode(done)
}

// killSelf kills this process. It does not return.
func killSelf() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {}
}

// keyring returns the partner's keys, which are the same in every process.
func keyring() *vault.Keyring {
	ring, err := vault.NewKeyring("k1", map[string][]byte{"k1": []byte("killtest: a key of thirty-two by")})
	if err != nil {
		panic(err)
	}
	return ring
}

// flow returns the Flow of this process, with the partner's configuration.
func (o order) flow(points *crash.Points, store onboard.Store, secrets vault.Vault) (crash.Variant, *onboard.Flow, error) {
	v, err := crash.Find(o.Variant)
	if err != nil {
		return v, nil, err
	}
	client, err := graph.New(graph.SecretToken(graph.NewSecret(o.Token)), graph.WithBaseURL(o.BaseURL),
		graph.WithAppSecret(graph.NewSecret(o.AppSecret)),
		graph.WithHTTPClient(&http.Client{Transport: points.Transport(http.DefaultTransport)}))
	if err != nil {
		return v, nil, err
	}
	cfg := v.Config(graphtest.World{
		App: graph.AppID(o.App), AppSecret: graph.NewSecret(o.AppSecret), Business: graph.BusinessID(o.Business),
		Employee: graphtest.SystemUser{ID: graph.SystemUserID(o.Employee)}, CreditLine: graph.CreditLineID(o.Line),
	})
	cfg.Client, cfg.Store, cfg.Vault, cfg.Worker = client, store, secrets, o.Worker
	flow, err := onboard.New(cfg)
	return v, flow, err
}

func (o order) client() crash.Client {
	return crash.Client{Token: graph.NewSecret(o.ClientToken), SignupResult: graphtest.SignupResult{
		Code: graph.NewSecret(o.Code), AccessToken: graph.NewSecret(o.AccessToken),
		Business: graph.BusinessID(o.ClientBusiness), WABAs: o.WABAs, Numbers: o.Numbers,
	}}
}

// onboard begins the onboarding, or continues the record of another process. It is
// long because it meets each state that a killed process can leave behind.
func (o order) onboard(ctx context.Context, v crash.Variant, flow *onboard.Flow, db *sql.DB, store onboard.Store) (record onboard.Record, err error) {
	for left, err := range store.List(ctx, onboard.Filter{}) {
		if err != nil {
			return left, err
		}
		if record.ID != "" {
			return left, fmt.Errorf("records %s and %s for one signup", record.ID, left.ID)
		}
		record = left
	}
	if record, err = elapse(ctx, db, store, record); err != nil {
		return record, err
	}
	if record.ID == "" || v.Again || v.Code { // the page posts again
		again, err := v.Begin(ctx, flow, o.client())
		if err != nil {
			return again, err
		}
		if record.ID != "" && again.ID != record.ID {
			return again, fmt.Errorf("the same signup began as %s and as %s", record.ID, again.ID)
		}
		record = again
	}
	for ctx.Err() == nil {
		next, err := flow.Run(ctx, record.ID)
		// The database may complete a write of the killed process only now: a lease,
		// or that the code is sent.
		if errors.Is(err, onboard.ErrBusy) {
			next, err = store.Get(ctx, record.ID)
		}
		if err == nil {
			next, err = elapse(ctx, db, store, next)
		}
		if err != nil {
			return record, err
		}
		record = next
		due, open := record.Due()
		if !open {
			return record, nil
		}
		time.Sleep(time.Until(due))
	}
	return record, fmt.Errorf("the onboarding does not end: %+v", record.Steps)
}
