package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// kathmandu is 5:45 ahead: an offset that survives only if minutes are kept.
var kathmandu = time.FixedZone("+0545", 5*3600+45*60)

// moment is a time with nanoseconds and a zone, n seconds into a story.
func moment(n int) time.Time {
	return time.Date(2026, 11, 22, 23, 59, 59, 123_456_789, kathmandu).Add(time.Duration(n) * time.Second)
}

// newRecord is a record with every field filled, in all depths, by reflection: a
// field that is added to Record is tested without anybody thinking of it. Records
// with different n share no key.
func newRecord(n int) onboard.Record {
	var record onboard.Record
	count := n * 1000
	fill(reflect.ValueOf(&record).Elem(), &count)
	record.ID = recordID(n)
	record.Tenant = "Bäckerei \"Ĝojo\" 🥨 %_\\'"
	record.App = "634974688087057"
	record.Key = fmt.Sprintf("key %d", n)
	record.State = onboard.StateRunning
	record.Session = fmt.Sprintf("session %d", n)
	record.Business = "506914307656634"
	record.Claim.Business = "506914307656634"
	for i := range record.Accounts {
		record.Accounts[i].ID = graph.WABAID(fmt.Sprintf("10229012345%d%d", n, i))
		record.Claim.WABAs[i] = record.Accounts[i].ID
	}
	for i := range record.Numbers {
		record.Numbers[i].ID = graph.PhoneNumberID(fmt.Sprintf("10654035224%d%d", n, i))
		record.Claim.Numbers[i] = graph.PhoneNumberID(fmt.Sprintf("10654035225%d%d", n, i))
	}
	record.Revision = 77 // a store counts for itself
	for i := range record.Steps {
		record.Steps[i].State = onboard.StepOpen
	}
	return record
}

func recordID(n int) string { return fmt.Sprintf("record-%04d", n) }

func fill(v reflect.Value, count *int) {
	*count++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("%s %d ü\u0000\u2028<&>", v.Type().Name(), *count))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*count))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 5))
		for i := range v.Len() {
			fill(v.Index(i), count)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(moment(*count)))
			return
		}
		for _, field := range v.Fields() {
			fill(field, count)
		}
	default:
		panic("storetest: teach fill about " + v.Type().String())
	}
}

// scramble changes every value in place, also those behind slices: a value
// that shares memory with the record changes too.
func scramble(record *onboard.Record) {
	visit(reflect.ValueOf(record).Elem(), func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			v.SetString("scrambled")
		case reflect.Bool:
			v.SetBool(!v.Bool())
		case reflect.Int, reflect.Int64:
			v.SetInt(-1)
		case reflect.Struct:
			v.Set(reflect.ValueOf(time.Time{}))
		}
	})
}

// plain makes records comparable: a store may keep a moment in another zone, and
// an empty list as none.
func plain(record onboard.Record) onboard.Record {
	record = record.Clone()
	visit(reflect.ValueOf(&record).Elem(), func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Slice:
			v.SetZero()
		case reflect.Struct:
			v.Set(reflect.ValueOf(v.Interface().(time.Time).UTC().Round(0)))
		}
	})
	return record
}

// stored is how a record is expected back.
func stored(record onboard.Record, revision int64) onboard.Record {
	record = plain(record)
	record.Revision = revision
	return record
}

// visit calls leaf for every value that has no parts: texts, numbers, times, and
// empty slices.
func visit(v reflect.Value, leaf func(reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		leaf(v)
	case v.Kind() == reflect.Struct:
		for _, field := range v.Fields() {
			visit(field, leaf)
		}
	case v.Kind() == reflect.Slice && v.Len() > 0:
		for i := range v.Len() {
			visit(v.Index(i), leaf)
		}
	default:
		leaf(v)
	}
}

// badNames are texts that a database cannot index, or would not give back as
// they were.
func badNames() map[string]string {
	return map[string]string{
		"empty": "", "too long": strings.Repeat("x", 256), "a NUL": "a\x00b", "no UTF-8": "a\xff\xfeb",
	}
}

// orderedNames are in the order of their bytes, which is neither the alphabet's nor that
// of any language.
func orderedNames() []string {
	return slices.Sorted(slices.Values([]string{
		"\x01", " ", "\"", "%", "'", "-", "0", "10", "9", "A", "B", "Z", "_", "a", "a b", "a-b", "aB", "ab", "z", "~", "é", "ñ", "ß", "Ω", "я", "日本", "\uffff", "🥨",
	}))
}

// alikeRefs are Refs that only a careful encoding tells apart, in their order.
func alikeRefs() []vault.Ref {
	return []vault.Ref{
		{Tenant: "a", Record: "bc", Kind: vault.SecretPIN, Subject: "1"},
		{Tenant: "a", Record: "bc", Kind: vault.SecretPIN, Subject: "11"},
		{Tenant: "a", Record: "bc", Kind: vault.SecretPIN, Subject: "token"},
		{Tenant: "a", Record: "bc", Kind: vault.SecretToken},
		{Tenant: "a", Record: "bc", Kind: vault.SecretToken, Subject: "1"},
		{Tenant: "a", Record: "c", Kind: vault.SecretToken, Subject: "b"},
		{Tenant: "ab", Record: "bc", Kind: vault.SecretToken}, // differs by its tenant alone
		{Tenant: "ab", Record: "c", Kind: vault.SecretPIN, Subject: "1"},
		{Tenant: "ab", Record: "c", Kind: vault.SecretToken},
		{Tenant: "ab", Record: "ctoken", Kind: "token"},
		{Tenant: "abc", Record: "token", Kind: "token"},
		{Tenant: "ä", Record: "日本", Kind: vault.SecretToken, Subject: "🥨"},
	}
}

func secretFor(ref vault.Ref) graph.Secret { return graph.NewSecret("EAA-canary-" + ref.String()) }
