package onboard

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Config configures a Flow. Client, App, Business, Store and Vault are required,
// and Currency if there is a Line. A step is left out if its field is empty. New
// copies the Config: a later change of it has no effect on the Flow.
type Config struct {
	// Client calls with the token of the partner's admin system user. graph.New
	// makes it. New adds the app secret to it, because Meta wants a proof with the
	// call that fetches a client's token.
	Client *graph.Client
	App    signup.App
	// Business is the partner's own portfolio.
	Business graph.BusinessID
	// Store keeps the records and Vault keeps the secrets. A panic in one of their
	// methods becomes an error of kind graph.ErrPanicked.
	Store Store
	Vault vault.Vault

	// SystemUser is assigned to each WABA with the Tasks, or with full control if
	// there are none. If it is empty, no user is assigned: the partner's admin
	// system user needs no assignment.
	SystemUser graph.SystemUserID
	Tasks      []waba.Task
	// Line is the credit line that is shared with each client. If it is empty,
	// nothing is shared: the clients of a Tech Provider pay Meta themselves.
	Line graph.CreditLineID
	// Currency is the ISO 4217 code that a WABA is invoiced in, if the request
	// that begins an onboarding has none. It is required if there is a Line. Meta
	// does not change the currency of a WABA later.
	Currency string
	// Callback receives the message webhooks of each WABA, in place of the app's
	// own callback.
	Callback *waba.Callback
	// NoRegister leaves the numbers unregistered. In a Multi-Partner Solution only
	// the partner that sends messages registers them, with its own PIN.
	NoRegister bool
	// Approve is called once the assets are confirmed, before the first write to
	// them and before the credit line is shared. ErrRefused ends the onboarding
	// and deletes the token. Any other error delays the onboarding: Approve is
	// called again later. A panic fails the step until Resume. Nil approves.
	Approve func(ctx context.Context, record Record) error

	// Worker names this process in leases, without control characters. The default
	// is a random name.
	Worker string
	// Lease is for how long a record and its client's assets rest after the worker
	// that had them died. A worker that lives extends its lease. Zero means 1 minute,
	// the minimum is MinLease and the maximum an hour. If the Store does not answer
	// for so long, the worker's calls end, and the work goes on later.
	Lease time.Duration
	// Progress, if set, is called at the end of each step. It must not block. A
	// panic in it ends the Run with an error; the step's result is stored first.
	Progress func(record Record, step StepRecord)
}

// MinLease is the shortest Config.Lease: a worker has to notice in time that it could
// not extend the lease, and a Store may be slow for some seconds.
const MinLease = 15 * time.Second

const (
	defaultLease = time.Minute
	// keepTime limits the work that goes on after the caller's context has ended:
	// the exchange of a code, sealing its token, and storing what a step did.
	keepTime = 45 * time.Second
)

// New returns a Flow. It checks the whole Config before it returns, and calls
// nothing. Errors: an InputError whose Field names the field, such as
// "Config.Currency".
func New(cfg Config) (*Flow, error) {
	for _, check := range []func(Config) error{checkRequired, checkMoney, checkAssets, checkWorker} {
		if err := check(cfg); err != nil {
			return nil, err
		}
	}
	client, err := cfg.Client.With(graph.WithAppSecret(cfg.App.Secret))
	if err != nil {
		return nil, inField("Config.Client", err)
	}
	cfg.Client = client
	cfg.Store = guardedStore{cfg.Store}
	cfg.Vault = guardedVault{cfg.Vault, "Config.Vault"}
	cfg.Tasks = slices.Clone(cfg.Tasks)
	if len(cfg.Tasks) == 0 {
		cfg.Tasks = []waba.Task{waba.TaskManage}
	}
	if cfg.Callback != nil {
		callback := *cfg.Callback
		cfg.Callback = &callback
	}
	if cfg.Worker == "" {
		cfg.Worker = rand.Text()
	}
	if cfg.Lease == 0 {
		cfg.Lease = defaultLease
	}
	return &Flow{cfg: cfg, steps: configuredSteps(cfg), client: signup.New(client, cfg.App), credit: credit.New(client)}, nil
}

// checkRequired checks the fields that every Flow needs.
func checkRequired(cfg Config) error {
	if cfg.Client == nil {
		return badField("Config.Client", "is nil: graph.New makes one")
	}
	if err := graph.CheckID("Config.App.ID", cfg.App.ID); err != nil {
		return err
	}
	if err := cfg.App.Check(); err != nil {
		return inField("Config.App.Secret", err)
	}
	if err := graph.CheckID("Config.Business", cfg.Business); err != nil {
		return err
	}
	if isNil(cfg.Store) {
		return badField("Config.Store", "is nil: NewMemoryStore or sqlstore.New makes one")
	}
	if isNil(cfg.Vault) {
		return badField("Config.Vault", "is nil: vault.NewSealedVault makes one")
	}
	for field, port := range map[string]any{"Config.Store": cfg.Store, "Config.Vault": cfg.Vault} {
		if checker, ok := port.(interface{ Check() error }); ok {
			if err := checker.Check(); err != nil {
				return inField(field, err)
			}
		}
	}
	return nil
}

// checkMoney checks the credit line and its currency.
func checkMoney(cfg Config) error {
	if cfg.Line != "" {
		if err := graph.CheckID("Config.Line", cfg.Line); err != nil {
			return err
		}
		if cfg.Currency == "" {
			return badField("Config.Currency", "is empty: it is required with Config.Line, because Meta does not change it later")
		}
	}
	if cfg.Currency != "" {
		return inField("Config.Currency", credit.CheckCurrency(cfg.Currency))
	}
	return nil
}

// checkAssets checks what is written to each WABA. It is long because it has one case
// for each mistake.
func checkAssets(cfg Config) error {
	if cfg.SystemUser != "" {
		if err := graph.CheckID("Config.SystemUser", cfg.SystemUser); err != nil {
			return err
		}
	}
	if cfg.SystemUser == "" && len(cfg.Tasks) > 0 {
		return badField("Config.Tasks", "has no effect without Config.SystemUser")
	}
	for _, task := range cfg.Tasks {
		if !slices.Contains(knownTasks, task) {
			return badField("Config.Tasks", fmt.Sprintf("has %.40q, which is not a task of package waba", task))
		}
	}
	if cfg.Callback == nil {
		return nil
	}
	address, err := url.Parse(cfg.Callback.URI)
	switch {
	case err == nil && (address.User != nil || address.Fragment != ""):
		return badField("Config.Callback", "has a URI with a user name, a password or a fragment")
	case err != nil || address.Scheme != "https" || address.Hostname() == "":
		return badField("Config.Callback", "has a URI that is not an https address with a host")
	case len(cfg.Callback.URI) > maxCallback:
		return badField("Config.Callback", fmt.Sprintf("has a URI of %d characters; Meta accepts %d", len(cfg.Callback.URI), maxCallback))
	case cfg.Callback.VerifyToken.IsZero():
		return badField("Config.Callback", "has no VerifyToken: Meta requires one")
	}
	return nil
}

// maxCallback is the number of characters that Meta accepts in a callback.
const maxCallback = 200

var knownTasks = []waba.Task{
	waba.TaskManage, waba.TaskDevelop, waba.TaskManageTemplates, waba.TaskViewTemplates, waba.TaskManagePhone,
	waba.TaskManagePhoneAssets, waba.TaskViewPhoneAssets, waba.TaskViewCost, waba.TaskViewInsights,
	waba.TaskManageExtensions, waba.TaskManageUsers, waba.TaskManageBilling, waba.TaskMessaging,
}

const (
	// maxWorker is the longest name in a lease, in bytes.
	maxWorker = 255
	// maxLease bounds the time for which a record of a dead worker rests.
	maxLease = time.Hour
)

// checkWorker checks what goes into the leases.
func checkWorker(cfg Config) error {
	if strings.ContainsFunc(cfg.Worker, unicode.IsControl) {
		return badField("Config.Worker", "has a control character")
	}
	if len(cfg.Worker) > maxWorker {
		return badField("Config.Worker", fmt.Sprintf("has %d bytes, more than %d", len(cfg.Worker), maxWorker))
	}
	if cfg.Lease != 0 && (cfg.Lease < MinLease || cfg.Lease > maxLease) {
		return badField("Config.Lease", fmt.Sprintf("is %v: it must be from %v to %v", cfg.Lease, MinLease, maxLease))
	}
	return nil
}

func badField(field, reason string) error {
	return &graph.InputError{Field: field, Reason: reason}
}

// inField names the field of the Config that an InputError is about.
func inField(field string, err error) error {
	input, ok := errors.AsType[*graph.InputError](err)
	if !ok {
		return err
	}
	return badField(field, "is not valid: "+input.Field+" "+input.Reason)
}

// isNil reports whether a port is nil, or an interface that holds a nil pointer.
func isNil(port any) bool {
	if port == nil {
		return true
	}
	switch v := reflect.ValueOf(port); v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map:
		return v.IsNil()
	default:
		return false
	}
}
