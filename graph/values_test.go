package graph_test

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-querystring/query"
	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

func TestTime(t *testing.T) {
	want := time.Date(2017, 6, 6, 18, 4, 10, 0, time.UTC)
	for _, text := range []string{
		`"2017-06-06T18:04:10+0000"`, `"2017-06-06T20:04:10+0200"`, `"2017-06-06T18:04:10Z"`, `"2017-06-06T20:04:10+02:00"`,
		`1496772250`, `"1496772250"`, `1.49677225e9`, `"2017-06-06T18:04:10\u002b0000"`,
	} {
		var got graph.Time
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.True(t, want.Equal(got.Time), "%s is %v", text, got)
		require.Equal(t, time.UTC, got.Location())
	}
	for _, never := range []string{`0`, `"0"`, `""`, `null`} {
		got := graph.Time{Time: want}
		require.NoError(t, json.Unmarshal([]byte(never), &got), never)
		require.True(t, got.IsZero(), never)
	}
	for _, wrong := range []string{`"yesterday"`, `"nan"`, `true`, `{}`, `"2017-06-06"`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(graph.Time)), wrong)
	}
	for at, text := range map[graph.Time]string{
		{Time: want}: `"2017-06-06T18:04:10+0000"`, {}: `null`,
		{Time: want.In(time.FixedZone("", 7200))}: `"2017-06-06T18:04:10+0000"`,
		{Time: time.Unix(1e12, 0)}:                `1000000000000`,
	} {
		out, err := json.Marshal(at)
		require.NoError(t, err)
		require.Equal(t, text, string(out))
	}
}

func TestBoolAndInt(t *testing.T) {
	for text, want := range map[string]bool{
		`true`: true, `"true"`: true, `"True"`: true, `1`: true, `"1"`: true, `false`: false, `"false"`: false, `0`: false, `"0"`: false, `""`: false,
	} {
		got := graph.Bool(!want)
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, bool(got), text)
	}
	for text, want := range map[string]int64{`12`: 12, `"12"`: 12, `-3`: -3, `9007199254740993`: 9007199254740993, `null`: 7, `""`: 7} {
		got := graph.Int(7)
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, int64(got), text)
	}
	kept := graph.Bool(true)
	require.NoError(t, json.Unmarshal([]byte(`null`), &kept))
	require.True(t, bool(kept), "null changes nothing")
	for _, wrong := range []string{`2`, `"yes"`, `{}`, `[]`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(graph.Bool)), wrong)
	}
	for _, wrong := range []string{`1.5`, `"x"`, `{}`, `true`, `99999999999999999999`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(graph.Int)), wrong)
	}
}

func TestSuccess(t *testing.T) {
	for text, id := range map[string]string{
		`{"success":true}`: "", `{"success":"true"}`: "", `{"success":1}`: "", `true`: "", `"true"`: "", `{}`: "", `{"success":null}`: "",
		`{"id":"5"}`: "5", `{"id":5,"success":true}`: "5", `{"success":true,"new":{"a":[1]}}`: "",
	} {
		var got graph.Success
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, id, got.ID, text)
	}
	for _, wrong := range []string{`[]`, `5`, `"done"`, `{"success":"maybe"}`, `{"id":{}}`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(graph.Success)), wrong)
	}
}

func TestJSONParam(t *testing.T) {
	values, err := query.Values(struct {
		Tasks  graph.JSONParam `url:"tasks"`
		Filter graph.JSONParam `url:"filtering,omitempty"`
		None   graph.JSONParam `url:"none,omitempty"`
		Nil    graph.JSONParam `url:"nil"`
		NoList graph.JSONParam `url:"no_list"`
		Empty  graph.JSONParam `url:"empty"`
	}{
		Tasks:  graph.JSONParam{Value: []string{"MANAGE", "DEVELOP"}},
		Filter: graph.JSONParam{Value: []map[string]string{{"field": "creation_time"}}},
		NoList: graph.JSONParam{Value: []string(nil)},
		Empty:  graph.JSONParam{Value: []string{}},
	})
	require.NoError(t, err)
	require.Equal(t, url.Values{"tasks": {`["MANAGE","DEVELOP"]`}, "filtering": {`[{"field":"creation_time"}]`}, "empty": {`[]`}}, values)

	_, err = query.Values(struct{ Bad graph.JSONParam }{graph.JSONParam{Value: graph.NewSecret(token)}})
	require.Error(t, err)
	requireNoSecret(t, err.Error())
}
