package pairs

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	pair "github.com/seed-8fdceacd/wagraph/internal/pairs"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/sqlstore"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// asProcess is the environment variable that makes the test's binary one of the
// partner's processes.
const asProcess = "WAGRAPH_PAIRS_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(asProcess) == "" {
		flag.Parse()
		// The small runs wait most of the time.
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

// order is the first line that a process gets on its standard input: the partner's
// configuration, with its secrets in plain text.
type order struct {
	Worker, BaseURL                         string
	Driver, Source                          string
	Dialect                                 sqlstore.Dialect
	App, AppSecret, Business, Token         string
	Employee, Line                          string
	Lease                                   time.Duration
	WithoutExclusion                        bool
	ExchangeOutage, DiskOutage, DiskOutages time.Duration
}

// call is each further line: a request that reaches the process.
type call struct {
	ID    int
	Start pair.Start
}

// reply is what a process prints for each call.
type reply struct {
	ID     int
	Record string
	Error  string
	Clock  time.Time // what the clock of the process shows
}

const (
	// loops is how many loops of RunDue a process has, and batch how many records
	// each of them takes at a time.
	loops, batch = 8, 8
	poll         = 250 * time.Millisecond
	// decides is how long the partner needs to approve a client. Both onboardings of a
	// pair have read the client by then.
	decides, decidesLonger = 1500 * time.Millisecond, 300 * time.Millisecond
)

// process works until its standard input ends.
func process() (err error) {
	lines := json.NewDecoder(bufio.NewReader(os.Stdin))
	var o order
	if err := lines.Decode(&o); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	db, err := sql.Open(o.Driver, o.Source)
	if err != nil {
		return err
	}
	db.SetMaxIdleConns(8)
	db.SetMaxOpenConns(24)
	defer func() { err = errors.Join(err, db.Close()) }()
	flow, err := o.flow(ctx, db)
	if err != nil {
		return err
	}
	var running sync.WaitGroup
	for range loops {
		running.Go(func() { work(ctx, flow) })
	}
	out := json.NewEncoder(os.Stdout)
	var printing sync.Mutex
	for {
		var c call
		if lines.Decode(&c) != nil { // the test closed it
			break
		}
		running.Go(func() {
			record, err := c.Start.Call(ctx, flow)
			r := reply{ID: c.ID, Record: record.ID, Clock: time.Now()}
			if err != nil {
				r.Error = err.Error()
			}
			printing.Lock()
			defer printing.Unlock()
			_ = out.Encode(r)
		})
	}
	cancel()
	running.Wait()
	return nil
}

// work runs what is due. An error is in the records, or passes: the store was away.
func work(ctx context.Context, flow *onboard.Flow) {
	for ctx.Err() == nil {
		records, err := flow.RunDue(ctx, batch)
		if err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, err)
		}
		if len(records) < batch {
			select {
			case <-ctx.Done():
			case <-time.After(poll/2 + rand.N(poll)):
			}
		}
	}
}

// flow returns the Flow of this process.
func (o order) flow(ctx context.Context, db *sql.DB) (*onboard.Flow, error) {
	store, err := sqlstore.New(ctx, db, o.Dialect)
	if err != nil {
		return nil, err
	}
	ring, err := pair.Keyring()
	if err != nil {
		return nil, err
	}
	secrets, err := vault.NewSealedVault(store, ring)
	if err != nil {
		return nil, err
	}
	outage := o.outage(ctx)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 200
	client, err := graph.New(graph.SecretToken(graph.NewSecret(o.Token)), graph.WithBaseURL(o.BaseURL),
		graph.WithAppSecret(graph.NewSecret(o.AppSecret)), graph.WithHTTPClient(&http.Client{Transport: outage.Transport(transport)}))
	if err != nil {
		return nil, err
	}
	cfg := pair.Config(graphtest.World{
		App: graph.AppID(o.App), AppSecret: graph.NewSecret(o.AppSecret), Business: graph.BusinessID(o.Business),
		Employee: graphtest.SystemUser{ID: graph.SystemUserID(o.Employee)}, CreditLine: graph.CreditLineID(o.Line),
	})
	cfg.Client, cfg.Store, cfg.Vault, cfg.Worker, cfg.Lease = client, outage.Store(store), outage.Vault(secrets), o.Worker, o.Lease
	if o.WithoutExclusion {
		cfg.Store = pair.WithoutExclusion(cfg.Store)
	}
	cfg.Approve = func(ctx context.Context, _ onboard.Record) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(decides + rand.N(decidesLonger)):
			return nil
		}
	}
	return onboard.New(cfg)
}

// firstOutage is when the disk of a process is full first: after the exchange of the first
// codes.
const firstOutage = 2500 * time.Millisecond

// outage returns what fails in this process: writes after each exchange, or all writes
// again and again.
func (o order) outage(ctx context.Context) *pair.Outage {
	outage := &pair.Outage{}
	if o.ExchangeOutage > 0 {
		outage.AfterExchange(o.ExchangeOutage, 2)
	}
	if o.DiskOutages > 0 {
		go func() {
			for wait := firstOutage; ctx.Err() == nil; wait = o.DiskOutages/2 + rand.N(o.DiskOutages) {
				time.Sleep(wait)
				outage.Begin(o.DiskOutage)
			}
		}()
	}
	return outage
}
