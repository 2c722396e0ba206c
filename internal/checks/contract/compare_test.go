package contract

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestType_TextForm(t *testing.T) {
	for text, want := range map[string]Type{
		"string":                  {Name: "string"},
		"int!":                    {Name: "int", Required: true},
		"string(SMS|VOICE)!":      {Name: "string", Values: []string{"SMS", "VOICE"}, Required: true},
		"list<map<string, bool>>": {Name: "list<map<string, bool>>"},
		"boolean|string":          {Name: "boolean|string"},
	} {
		var got Type
		require.NoError(t, got.UnmarshalText([]byte(text)))
		require.Equal(t, want, got)
		require.Equal(t, text, got.String())
	}
	for _, text := range []string{"", "!", "(A|B)", "string(A|B"} {
		require.Error(t, new(Type).UnmarshalText([]byte(text)), text)
	}
}

// TestFacts_AreAsExtracted: the extract program writes the fact files. The test
// finds a file that was edited by hand, and facts that this package does not read.
func TestFacts_AreAsExtracted(t *testing.T) {
	for name, read := range map[string]func() (*Source, error){"codegen.json": Codegen, "openapi.json": OpenAPI} {
		source, err := read()
		require.NoError(t, err)
		var again bytes.Buffer
		require.NoError(t, source.Encode(&again))
		stored, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		require.Equal(t, string(stored), again.String(), name)
	}
}

// TestFacts_EveryPlaceholderIsKnown: the facts of an unknown placeholder would
// never match.
func TestFacts_EveryPlaceholderIsKnown(t *testing.T) {
	for _, read := range []func() (*Source, error){Codegen, OpenAPI} {
		source, err := read()
		require.NoError(t, err)
		for key := range source.Calls {
			for _, name := range placeholder.FindAllString(key, -1) {
				require.Contains(t, places, name, key)
			}
		}
	}
}

// schema and document describe one small API from two sides, as Meta does.
func schema() *Source {
	return &Source{
		Calls: map[string]Call{
			"GET /{WhatsAppBusinessAccount}": {Returns: "WhatsAppBusinessAccount"},
			"POST /{WhatsAppBusinessAccount}/assigned_users": {Params: Fields{
				"user":  {Name: "int", Required: true},
				"tasks": {Name: "list<string>", Values: []string{"DEVELOP", "MANAGE"}, Required: true},
			}},
			"GET /{WhatsAppBusinessAccount}/phone_numbers": {Returns: "WhatsAppBusinessAccountToNumberCurrentStatus"},
		},
		Nodes: map[string]Fields{
			"WhatsAppBusinessAccount": {
				"id": {Name: "string"}, "creation_time": {Name: "int"}, "owner_business": {Name: "Business"}, "analytics": {Name: "Object"},
			},
			"Business": {"name": {Name: "string"}},
		},
	}
}

func document() *Source {
	return &Source{Calls: map[string]Call{
		"GET /{WABA-ID}": {Response: Fields{"status": {Name: "string", Values: []string{"ACTIVE"}}}},
		"GET /{WABA-ID}/phone_numbers": {Response: Fields{
			"data":             {Name: "array<object>"},
			"data[].id":        {Name: "string"},
			"data[].tier":      {Name: "string", Values: []string{"HIGH"}},
			"data[].limits":    {Name: "array<object>"},
			"data[].limits.to": {Name: "integer"},
		}},
	}}
}

func TestCompare_AcceptsWhatTheFactsHave(t *testing.T) {
	reading := &Source{
		Calls: map[string]Call{
			"POST /{waba-id}/assigned_users": {Params: Fields{
				"user": {Name: "id"}, "tasks": {Name: "list<string>", Values: []string{"MANAGE"}}, "fields": {Name: "string"},
			}},
			"GET /{waba-id}/phone_numbers": {Response: Fields{"data[].id": {Name: "id"}}},
		},
		Nodes: map[string]Fields{
			"WhatsAppBusinessAccount": {
				"id": {Name: "id"}, "creation_time": {Name: "time"}, "status": {Name: "string", Values: []string{"ACTIVE"}},
				"owner_business.name": {Name: "string"}, "analytics.anything": {Name: "bool"},
				"phone_numbers[].tier": {Name: "string"}, // an edge, expanded like a field
			},
			"WhatsAppBusinessAccountToNumberCurrentStatus": {"tier": {Name: "string"}, "limits": {Name: "list<Object>"}},
		},
	}
	require.Empty(t, Compare(reading, new(Source), schema(), document()))
}

// TestCompare_FindsEachMismatch: each reading has one mistake, and each mistake has
// its own key.
func TestCompare_FindsEachMismatch(t *testing.T) {
	call := func(key string, params Fields) *Source {
		return &Source{Calls: map[string]Call{key: {Params: params}}}
	}
	node := func(name string, fields Fields) *Source {
		return &Source{Nodes: map[string]Fields{name: fields}}
	}
	assign := "POST /{waba-id}/assigned_users"
	user, tasks := Type{Name: "id"}, Type{Name: "list<string>"}
	for key, reading := range map[string]*Source{
		"call POST /{waba-id}":                                    call("POST /{waba-id}", nil),
		"call GET /{shop-id}":                                     call("GET /{shop-id}", nil),
		"param " + assign + " user":                               call(assign, Fields{"tasks": tasks}),
		"param " + assign + " role":                               call(assign, Fields{"user": user, "tasks": tasks, "role": {Name: "string"}}),
		"param " + assign + " tasks type":                         call(assign, Fields{"user": user, "tasks": {Name: "string"}}),
		"param " + assign + " tasks = FLY":                        call(assign, Fields{"user": user, "tasks": {Name: "list<string>", Values: []string{"MANAGE", "FLY"}}}),
		"answer GET /{waba-id}/phone_numbers summary":             {Calls: map[string]Call{"GET /{waba-id}/phone_numbers": {Response: Fields{"summary": {Name: "Object"}}}}},
		"field WhatsAppBusinessAccountToNumberCurrentStatus.name": {Calls: map[string]Call{"GET /{waba-id}/phone_numbers": {Response: Fields{"data[].name": {Name: "string"}}}}},
		"node Shop": node("Shop", Fields{"id": {Name: "id"}}),
		"field WhatsAppBusinessAccount.nick_name":                       node("WhatsAppBusinessAccount", Fields{"nick_name": {Name: "string"}}),
		"field WhatsAppBusinessAccount.creation_time type":              node("WhatsAppBusinessAccount", Fields{"creation_time": {Name: "string"}}),
		"field WhatsAppBusinessAccount.status = GONE":                   node("WhatsAppBusinessAccount", Fields{"status": {Name: "string", Values: []string{"GONE"}}}),
		"field Business.nick_name":                                      node("WhatsAppBusinessAccount", Fields{"owner_business.nick_name": {Name: "string"}}),
		"field WhatsAppBusinessAccountToNumberCurrentStatus.limits.too": node("WhatsAppBusinessAccountToNumberCurrentStatus", Fields{"limits.too": {Name: "int"}}),
	} {
		found := Compare(reading, new(Source), schema(), document())
		require.Len(t, found, 1, key)
		require.Equal(t, key, found[0].Key)
		require.NotEmpty(t, found[0].Detail)
	}
}

func TestJudge_NamesMismatchesAndUnusedExceptions(t *testing.T) {
	found := []Mismatch{{Key: "call GET /debug_token", Detail: "no such call"}}
	meant := Exception{Key: "call GET /debug_token", Of: []string{"sdk"}, Reason: "documented in prose", Source: "reference"}

	require.NoError(t, Judge("sdk", found, []Exception{meant}))
	require.NoError(t, Judge("simulator", nil, []Exception{meant}), "the exception is not the simulator's")
	require.ErrorContains(t, Judge("sdk", found, nil), "sdk: call GET /debug_token: no such call")
	require.ErrorContains(t, Judge("simulator", found, []Exception{meant}), "simulator: call GET /debug_token: no such call")
	require.ErrorContains(t, Judge("sdk", nil, []Exception{meant}), "no longer needed")
}

func TestExceptions_AreComplete(t *testing.T) {
	_, err := Exceptions()
	require.NoError(t, err)
}
