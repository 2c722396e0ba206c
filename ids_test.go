package wagraph_test

import (
	"encoding/json"
	"strings"
	"testing"

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

func TestIDs_DecodeStringsAndNumbers(t *testing.T) {
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
