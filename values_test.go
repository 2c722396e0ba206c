package wagraph_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-querystring/query"
	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
)

// decodeID reads JSON into any of the id types.
func decodeID[ID ~string, P interface {
	*ID
	json.Unmarshaler
}](text string,
) (string, error) {
	var id ID
	err := json.Unmarshal([]byte(text), &id)
	return string(id), err
}

func TestIDsAreReadFromStringsAndNumbers(t *testing.T) {
	for name, decode := range map[string]func(string) (string, error){
		"business": decodeID[wagraph.BusinessID], "waba": decodeID[wagraph.WABAID], "phone": decodeID[wagraph.PhoneNumberID],
		"pre-verified": decodeID[wagraph.PreVerifiedNumberID], "line": decodeID[wagraph.CreditLineID], "allocation": decodeID[wagraph.AllocationID],
		"funding": decodeID[wagraph.FundingID], "app": decodeID[wagraph.AppID], "user": decodeID[wagraph.UserID],
		"system user": decodeID[wagraph.SystemUserID], "solution": decodeID[wagraph.SolutionID],
	} {
		t.Run(name, func(t *testing.T) {
			for text, want := range map[string]string{
				`"1906385232711451"`: "1906385232711451", `1906385232711451`: "1906385232711451",
				`90071992547409931`: "90071992547409931", // above 2^53, where a float would round
				`"0"`:               "0", `null`: "", `""`: "", `"pending"`: "pending",
			} {
				got, err := decode(text)
				require.NoError(t, err, text)
				require.Equal(t, want, got)
			}
			for _, wrong := range []string{`1.5`, `-1`, `1e15`, `true`, `{}`, `[1]`} {
				_, err := decode(wrong)
				require.Error(t, err, wrong)
			}
		})
	}
	out, err := json.Marshal(wagraph.WABAID(wabaID))
	require.NoError(t, err)
	require.JSONEq(t, `"`+wabaID+`"`, string(out), "ids are written as strings")
}

func TestCheckID(t *testing.T) {
	for _, good := range []wagraph.WABAID{"1", wabaID, wagraph.WABAID(strings.Repeat("9", 20))} {
		require.NoError(t, wagraph.CheckID("waba id", good))
	}
	for _, bad := range []wagraph.WABAID{"", " 1", "1 ", "12a", "+49", "1.5", "-1", "1/2", "../1", "1?x=2", "1%2F2", "\u0661", wagraph.WABAID(strings.Repeat("9", 21))} {
		err := wagraph.CheckID("waba id", bad)
		var input *wagraph.InputError
		require.ErrorAs(t, err, &input, "%q", bad)
		require.Equal(t, "waba id", input.Field)
		require.Contains(t, err.Error(), "waba id")
	}
	long := wagraph.CheckID("waba id", wagraph.WABAID("EAA"+strings.Repeat("x", 200)))
	require.Less(t, len(long.Error()), 100, "a token in the place of an id is not quoted whole")
}

func TestTimes(t *testing.T) {
	want := time.Date(2017, 6, 6, 18, 4, 10, 0, time.UTC)
	for _, text := range []string{
		`"2017-06-06T18:04:10+0000"`, `"2017-06-06T20:04:10+0200"`, `"2017-06-06T18:04:10Z"`, `"2017-06-06T20:04:10+02:00"`,
		`1496772250`, `"1496772250"`, `1.49677225e9`, `"2017-06-06T18:04:10\u002b0000"`,
	} {
		var got wagraph.Time
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.True(t, want.Equal(got.Time), "%s is %v", text, got)
		require.Equal(t, time.UTC, got.Location())
	}
	for _, never := range []string{`0`, `"0"`, `""`, `null`} {
		got := wagraph.Time{Time: want}
		require.NoError(t, json.Unmarshal([]byte(never), &got), never)
		require.True(t, got.IsZero(), never)
	}
	for _, wrong := range []string{`"yesterday"`, `"nan"`, `true`, `{}`, `"2017-06-06"`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(wagraph.Time)), wrong)
	}
	for at, text := range map[wagraph.Time]string{
		{Time: want}: `"2017-06-06T18:04:10+0000"`, {}: `null`,
		{Time: want.In(time.FixedZone("", 7200))}: `"2017-06-06T18:04:10+0000"`,
		{Time: time.Unix(1e12, 0)}:                `1000000000000`,
	} {
		out, err := json.Marshal(at)
		require.NoError(t, err)
		require.Equal(t, text, string(out))
	}
}

func TestBoolsAndInts(t *testing.T) {
	for text, want := range map[string]bool{
		`true`: true, `"true"`: true, `"True"`: true, `1`: true, `"1"`: true, `false`: false, `"false"`: false, `0`: false, `"0"`: false, `""`: false,
	} {
		got := wagraph.Bool(!want)
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, bool(got), text)
	}
	for text, want := range map[string]int64{`12`: 12, `"12"`: 12, `-3`: -3, `9007199254740993`: 9007199254740993, `null`: 7, `""`: 7} {
		got := wagraph.Int(7)
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, int64(got), text)
	}
	kept := wagraph.Bool(true)
	require.NoError(t, json.Unmarshal([]byte(`null`), &kept))
	require.True(t, bool(kept), "null says nothing")
	for _, wrong := range []string{`2`, `"yes"`, `{}`, `[]`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(wagraph.Bool)), wrong)
	}
	for _, wrong := range []string{`1.5`, `"x"`, `{}`, `true`, `99999999999999999999`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(wagraph.Int)), wrong)
	}
}

func TestSuccess(t *testing.T) {
	for text, id := range map[string]string{
		`{"success":true}`: "", `{"success":"true"}`: "", `{"success":1}`: "", `true`: "", `"true"`: "", `{}`: "", `{"success":null}`: "",
		`{"id":"5"}`: "5", `{"id":5,"success":true}`: "5", `{"success":true,"new":{"a":[1]}}`: "",
	} {
		var got wagraph.Success
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, id, got.ID, text)
	}
	for _, wrong := range []string{`[]`, `5`, `"done"`, `{"success":"maybe"}`, `{"id":{}}`} {
		require.Error(t, json.Unmarshal([]byte(wrong), new(wagraph.Success)), wrong)
	}
}

func TestJSONParams(t *testing.T) {
	values, err := query.Values(struct {
		Tasks  wagraph.JSONParam `url:"tasks"`
		Filter wagraph.JSONParam `url:"filtering,omitempty"`
		None   wagraph.JSONParam `url:"none,omitempty"`
		Nil    wagraph.JSONParam `url:"nil"`
		NoList wagraph.JSONParam `url:"no_list"`
		Empty  wagraph.JSONParam `url:"empty"`
	}{
		Tasks:  wagraph.JSONParam{Value: []string{"MANAGE", "DEVELOP"}},
		Filter: wagraph.JSONParam{Value: []map[string]string{{"field": "creation_time"}}},
		NoList: wagraph.JSONParam{Value: []string(nil)},
		Empty:  wagraph.JSONParam{Value: []string{}},
	})
	require.NoError(t, err)
	require.Equal(t, url.Values{"tasks": {`["MANAGE","DEVELOP"]`}, "filtering": {`[{"field":"creation_time"}]`}, "empty": {`[]`}}, values)

	_, err = query.Values(struct{ Bad wagraph.JSONParam }{wagraph.JSONParam{Value: wagraph.NewSecret(token)}})
	require.Error(t, err)
	requireNoSecret(t, err.Error())
}
