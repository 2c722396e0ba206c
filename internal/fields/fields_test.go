package fields_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/fields"
)

type owner struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type number struct {
	ID     string `json:"id"`
	Status string `json:"status"`
}

// edge stands for the type of its items, as the SDK's Edge does.
type edge[T any] struct{ Data []T }

func (edge[T]) items() reflect.Type { return reflect.TypeFor[T]() }

func edgeItems(t reflect.Type) (reflect.Type, bool) {
	if e, ok := reflect.TypeAssert[interface{ items() reflect.Type }](reflect.Zero(t)); ok && t.Kind() == reflect.Struct {
		return e.items(), true
	}
	return nil, false
}

// stamp decodes itself: its fields are not asked for.
type stamp struct {
	Inner string `json:"inner"`
	time.Time
}

func (*stamp) UnmarshalJSON([]byte) error { return nil }

var _ json.Unmarshaler = (*stamp)(nil)

type base struct {
	ID      string `json:"id"`
	Created stamp  `json:"creation_time"`
}

type account struct {
	base
	*owner
	Review   string         `json:"review_status"`
	Skipped  string         `json:"-"`
	Quiet    string         `json:"quiet" graph:"-"`
	Untold   string         // no tag: not Graph's
	Plain    owner          `json:"plain"`
	Owner    *owner         `json:"owner_business" graph:"{}"`
	Numbers  edge[number]   `json:"phone_numbers" graph:"limit(50){}"`
	List     []owner        `json:"list" graph:"{}"`
	Modified string         `json:"ordered" graph:"order(reverse_chronological)"`
	Map      map[string]any `json:"map" graph:"{}"`
}

type loop struct {
	ID   string      `json:"id"`
	Next *loop       `json:"next" graph:"{}"`
	Many edge[*loop] `json:"many" graph:"{}"`
}

func TestOf(t *testing.T) {
	for name, c := range map[string]struct {
		of   reflect.Type
		want []string
	}{
		"struct":   {reflect.TypeFor[owner](), []string{"id", "name"}},
		"pointer":  {reflect.TypeFor[*owner](), []string{"id", "name"}},
		"slice":    {reflect.TypeFor[[]*owner](), []string{"id", "name"}},
		"edge":     {reflect.TypeFor[edge[number]](), []string{"id", "status"}},
		"embedded": {reflect.TypeFor[struct{ owner }](), []string{"id", "name"}},
		"embedded and named": {reflect.TypeFor[struct {
			owner `json:"owner"`
		}](), nil},
		"self-decoding and embedded": {reflect.TypeFor[struct {
			stamp
			ID string `json:"id"`
		}](), []string{"id"}},
		"the outer one counts": {reflect.TypeFor[struct {
			account
			Plain   string          `json:"plain"`
			Map     string          `json:"map" graph:"-"`
			Numbers edge[owner]     `json:"phone_numbers" graph:"{}"`
			Inner   struct{ owner } `json:"inner" graph:"{}"`
		}](), []string{
			"id", "creation_time", "name", "review_status", "owner_business{id,name}", "list{id,name}",
			"ordered.order(reverse_chronological)", "plain", "phone_numbers{id,name}", "inner{id,name}",
		}},
		"no struct": {reflect.TypeFor[string](), nil},
		"empty":     {reflect.TypeFor[struct{}](), nil},
		"any":       {reflect.TypeFor[any](), nil},
		"a loop":    {reflect.TypeFor[loop](), []string{"id", "next", "many"}},
		"everything": {reflect.TypeFor[account](), []string{
			"id", "creation_time", "name", "review_status", "plain", "owner_business{id,name}",
			"phone_numbers.limit(50){id,status}", "list{id,name}", "ordered.order(reverse_chronological)", "map",
		}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, fields.Of(c.of, edgeItems)) })
	}
}
