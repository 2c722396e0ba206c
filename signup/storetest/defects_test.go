package storetest_test

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// defectVariable tells a child process which defect its store has.
const defectVariable = "WAGRAPH_DEFECT"

// TestSuites runs the suites on a store with the defect that the environment
// names: without one they pass, and TestSuitesFindDefects runs them with each.
func TestSuites(t *testing.T) {
	defect := os.Getenv(defectVariable)
	open := func() *defective {
		return &defective{
			MemoryStore: onboard.NewMemoryStore(), MemoryStorage: vault.NewMemoryStorage(), defect: defect,
			current: map[onboard.Object]onboard.Lease{}, clock: newCallersClock(),
		}
	}
	t.Run("Store", func(t *testing.T) {
		storetest.TestStore(t, func(*testing.T) onboard.Store { return open() }, storetest.StoreOptions{
			Shifted: func(_ *testing.T, store onboard.Store, by time.Duration) onboard.Store {
				return store.(*defective).shifted(by)
			},
		})
	})
	t.Run("Storage", func(t *testing.T) {
		storetest.TestStorage(t, func(*testing.T) vault.Storage { return open() })
	})
	t.Run("Vault", func(t *testing.T) {
		storetest.TestVault(t, func(t *testing.T) vault.Vault {
			ring, err := vault.NewKeyring("k", map[string][]byte{"k": []byte("a key of thirty-two bytes length")})
			require.NoError(t, err)
			secrets, err := vault.NewSealedVault(open(), ring)
			require.NoError(t, err)
			return &defectiveVault{SealedVault: secrets, defect: defect}
		})
	})
}

// Each row is a defect that the author of a store could make, and the test that must
// find it.
func TestSuitesFindDefects(t *testing.T) {
	for defect, test := range map[string]string{
		"update without comparing":      "Store/updates_go_by_revision",
		"update reads, then writes":     "Store/concurrent_updates_of_one_record",
		"insert looks, then writes":     "Store/concurrent_inserts_of_one_signup",
		"insert says nothing of a twin": "Store/the_same_signup_again_is_the_first_record",
		"records are shared":            "Store/no_memory_is_shared",
		"whole seconds":                 "Store/moments_are_exact",
		"deaf to cancelling":            "Store/a_cancelled_context_writes_nothing",
		"the alphabet's order":          "Store/lists_in_the_order_of_bytes",
		"one page only":                 "Store/lists_many,_in_pages",
		"all at once":                   "Store/lists_many,_in_pages",
		"states do not matter":          "Store/lists_what_the_filter_matches",
		"due or not":                    "Store/lists_what_is_due",
		"deadlines do not matter":       "Store/lists_what_has_a_deadline",
		"filter by confirmed only":      "Store/lists_what_is_about_an_object",
		"sessions are not unique":       "Store/a_session_begins_one_signup",
		"erase leaves records":          "Store/erases_a_tenant",
		"erase leaves keys":             "Store/erases_a_tenant",
		"leases have no fence":          "Store/a_lease_that_was_taken_over_frees_nothing",
		"leases keep what they got":     "Store/a_lease_has_all_its_objects,_or_none",
		"leases in the caller's order":  "Store/crossed_sets_of_objects_have_one_holder",
		"leases look, then write":       "Store/a_lease_has_one_holder",
		"leases have no end":            "Store/a_lease_ends",
		"ended leases are extended":     "Store/an_ended_lease_cannot_be_extended",
		"leases are extended in part":   "Store/a_lease_is_extended_as_a_whole",
		"with the caller's clock":       "Store/the_clock_of_a_process_does_not_matter",
		"due in the order of ids":       "Store/what_is_due_longest_is_leased_first",
		"due twice":                     "Store/what_is_due_is_leased_once",
		"due although it is leased":     "Store/what_is_leased_is_passed_over",
		"failed is due":                 "Store/counts_the_backlog",
		"put without comparing":         "Storage/puts_go_by_revision",
		"first put replaces":            "Storage/the_first_put_is_told_from_the_next",
		"first put looks, then writes":  "Storage/concurrent_first_puts",
		"revisions begin again":         "Storage/revisions_do_not_come_back",
		"data is shared":                "Storage/no_memory_is_shared",
		"subjects do not matter":        "Storage/each_Ref_has_its_own_secret",
		"put new is put":                "Vault/PutNew_replaces_no_secret",
		"replace is put":                "Vault/replaces_the_old_secret_only",
	} {
		t.Run(defect, func(t *testing.T) {
			t.Parallel()
			parts := strings.Split(test, "/")
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSuites$/^"+parts[0]+"$/^"+parts[1]+"$")
			child.Env = append(os.Environ(), defectVariable+"="+defect)
			output, err := child.CombinedOutput()
			var failed *exec.ExitError
			require.ErrorAs(t, err, &failed, "the suite passed: %s", output)
			require.Contains(t, string(output), "--- FAIL: TestSuites/"+test)
		})
	}
}

// defective is a store with one defect.
type defective struct {
	*onboard.MemoryStore
	*vault.MemoryStorage
	defect string

	mu     sync.Mutex
	read   int
	both   chan struct{}
	shared map[string]onboard.Record
	data   map[vault.Ref][]byte
	base   map[vault.Ref]int64
	erased []onboard.Record
	// What defects of leases need.
	current map[onboard.Object]onboard.Lease
	clock   *callersClock
	offset  time.Duration
}

// together holds the first callers until all of them are as far.
func (d *defective) together(callers int) {
	d.mu.Lock()
	if d.both == nil {
		d.both = make(chan struct{})
	}
	if d.read++; d.read == callers {
		close(d.both)
	}
	both := d.both
	d.mu.Unlock()
	<-both
}

func (d *defective) Insert(ctx context.Context, r onboard.Record) (onboard.Record, error) {
	switch d.defect {
	case "insert looks, then writes":
		found := false
		for other, err := range d.MemoryStore.List(ctx, onboard.Filter{}) {
			found = found || err == nil && other.Key == r.Key
		}
		d.together(2)
		if !found {
			key := r.Key
			r.Key += r.ID // past the real store's check
			written, err := d.MemoryStore.Insert(ctx, r)
			written.Key = key
			return written, err
		}
	case "insert says nothing of a twin":
		first, err := d.MemoryStore.Insert(ctx, r)
		if err == onboard.ErrExists { //nolint:errorlint // it is the memory store's very error
			err = nil
		}
		return first, err
	case "whole seconds":
		r.Created = r.Created.Truncate(time.Second)
	case "deaf to cancelling":
		ctx = context.WithoutCancel(ctx)
	case "sessions are not unique":
		r.Session += r.ID
	case "erase leaves keys":
		for _, erased := range d.erased {
			if erased.Key == r.Key {
				return erased, onboard.ErrExists
			}
		}
	}
	return d.MemoryStore.Insert(ctx, r)
}

func (d *defective) Get(ctx context.Context, id string) (onboard.Record, error) {
	if d.defect != "records are shared" {
		return d.MemoryStore.Get(ctx, id)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	record, err := d.MemoryStore.Get(ctx, id)
	if cached, ok := d.shared[id]; ok && cached.Revision == record.Revision {
		return cached, nil
	}
	if d.shared == nil {
		d.shared = map[string]onboard.Record{}
	}
	d.shared[id] = record
	return record, err
}

func (d *defective) Update(ctx context.Context, r onboard.Record) (onboard.Record, error) {
	switch d.defect {
	case "update without comparing", "update reads, then writes":
		now, err := d.MemoryStore.Get(ctx, r.ID)
		if err != nil {
			return now, err
		}
		if d.defect == "update reads, then writes" {
			if now.Revision != r.Revision {
				return onboard.Record{}, onboard.ErrConflict
			}
			d.together(2)
		}
		return d.overwrite(ctx, r)
	}
	return d.MemoryStore.Update(ctx, r)
}

// overwrite writes whatever the stored revision is.
func (d *defective) overwrite(ctx context.Context, r onboard.Record) (onboard.Record, error) {
	for {
		now, err := d.MemoryStore.Get(ctx, r.ID)
		if err != nil {
			return now, err
		}
		r.Revision = now.Revision
		if stored, err := d.MemoryStore.Update(ctx, r); !errors.Is(err, onboard.ErrConflict) {
			return stored, err
		}
	}
}

func (d *defective) List(ctx context.Context, filter onboard.Filter) iter.Seq2[onboard.Record, error] {
	switch d.defect {
	case "states do not matter":
		filter.States = nil
	case "due or not":
		filter.DueBefore = time.Time{}
	case "deadlines do not matter":
		filter.DeadlineBefore = time.Time{}
	case "filter by confirmed only":
		return d.listConfirmed(ctx, filter)
	}
	list := d.MemoryStore.List(ctx, filter)
	switch d.defect {
	case "one page only", "all at once", "the alphabet's order":
		records, err := graph.Collect(list, 0)
		if d.defect == "the alphabet's order" {
			slices.SortStableFunc(records, func(a, b onboard.Record) int {
				return cmp.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID))
			})
		}
		if d.defect == "one page only" {
			records = records[:min(len(records), 250)]
		}
		return func(yield func(onboard.Record, error) bool) {
			for _, record := range records {
				if !yield(record, err) {
					return
				}
			}
		}
	}
	return list
}

func (d *defective) listConfirmed(ctx context.Context, filter onboard.Filter) iter.Seq2[onboard.Record, error] {
	return func(yield func(onboard.Record, error) bool) {
		for record, err := range d.MemoryStore.List(ctx, filter) {
			confirmed := record
			confirmed.Claim = signup.Claim{}
			if filter.After = ""; (err != nil || filter.Match(confirmed)) && !yield(record, err) {
				return
			}
		}
	}
}

func (d *defective) Erase(ctx context.Context, tenant signup.Tenant) (int, error) {
	records, err := graph.Collect(d.MemoryStore.List(ctx, onboard.Filter{Tenant: tenant}), 0)
	switch {
	case err != nil || tenant == "":
	case d.defect == "erase leaves records":
		return len(records), nil
	case d.defect == "erase leaves keys":
		d.erased = append(d.erased, records...)
	}
	return d.MemoryStore.Erase(ctx, tenant)
}
