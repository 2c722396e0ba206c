package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
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

func TestIDs_DecodeStringsAndNumbers(t *testing.T) {
	for name, decode := range map[string]func(string) (string, error){
		"business": decodeID[graph.BusinessID], "waba": decodeID[graph.WABAID], "phone": decodeID[graph.PhoneNumberID],
		"pre-verified": decodeID[graph.PreVerifiedNumberID], "line": decodeID[graph.CreditLineID], "allocation": decodeID[graph.AllocationID],
		"funding": decodeID[graph.FundingID], "app": decodeID[graph.AppID], "user": decodeID[graph.UserID],
		"system user": decodeID[graph.SystemUserID], "solution": decodeID[graph.SolutionID],
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
	out, err := json.Marshal(graph.WABAID(wabaID))
	require.NoError(t, err)
	require.JSONEq(t, `"`+wabaID+`"`, string(out), "ids are written as strings")
}

func TestCheckID(t *testing.T) {
	for _, good := range []graph.WABAID{"1", wabaID, graph.WABAID(strings.Repeat("9", 20))} {
		require.NoError(t, graph.CheckID("waba id", good))
	}
	for _, bad := range []graph.WABAID{"", " 1", "1 ", "12a", "+49", "1.5", "-1", "1/2", "../1", "1?x=2", "1%2F2", "\u0661", graph.WABAID(strings.Repeat("9", 21))} {
		err := graph.CheckID("waba id", bad)
		var input *graph.InputError
		require.ErrorAs(t, err, &input, "%q", bad)
		require.Equal(t, "waba id", input.Field)
		require.Contains(t, err.Error(), "waba id")
	}
	long := graph.CheckID("waba id", graph.WABAID("EAA"+strings.Repeat("x", 200)))
	require.Less(t, len(long.Error()), 100, "a token in the place of an id is not quoted whole")
}
