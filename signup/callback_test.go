package signup_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

func TestParseCallback_FBLogin(t *testing.T) {
	for name, test := range map[string]struct{ body, code, token string }{
		"a code": {`{"authResponse":{"code":"AQBx_-1"},"status":"connected"}`, "AQBx_-1", ""},
		"a code with the rest of a session": {
			`{"authResponse":{"userID":null,"expiresIn":null,"code":"AQBx","accessToken":null,"signedRequest":"s.r"},"status":"connected","loginStatus":1}`, "AQBx", "",
		},
		"an access token": {
			`{"authResponse":{"accessToken":"EAAx","userID":"1","expiresIn":5183944,"data_access_expiration_time":1790000000},"status":"connected"}`, "", "EAAx",
		},
		"no status":                     {`{"authResponse":{"code":"AQBx"}}`, "AQBx", ""},
		"the code alone":                {`{"code":"AQBx_-1"}`, "AQBx_-1", ""},
		"the code, and no authResponse": {`{"authResponse":null,"code":"AQBx"}`, "AQBx", ""},
		"an authResponse, and no code":  {`{"authResponse":{"accessToken":"EAAx"},"code":null}`, "", "EAAx"},
	} {
		t.Run(name, func(t *testing.T) {
			callback, err := signup.ParseCallback([]byte(test.body))
			require.NoError(t, err)
			require.Equal(t, test.code, callback.Code.Reveal())
			require.Equal(t, test.token, callback.AccessToken.Reveal())
		})
	}
}

func TestParseCallback_WithoutLogin(t *testing.T) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `"AQBsecret"`, `{"authResponse":null,"status":"unknown"}`, `{"authResponse":null,"status":"not_authorized"}`,
		`{"authResponse":{}}`, `{"authResponse":{"code":""}}`, `{"authResponse":{"code":"AQBsecret","accessToken":"EAAsecret"}}`,
		`{"authResponse":{"code":["AQBsecret"]}}`, `{"authResponse":"AQBsecret"}`, `code=AQBsecret`,
		`{"code":""}`, `{"code":null}`, `{"code":["AQBsecret"]}`, `{"code":7}`,
		`{"accessToken":"EAAsecret"}`, `{"authResponse":null,"code":""}`, `{"authResponse":{"code":"AQBsecret"},"code":"AQBsecret"}`,
		`{"authResponse":{},"code":"AQBsecret"}`, `{"authResponse":{"accessToken":"EAAsecret"},"code":"AQBsecret"}`,
	} {
		_, err := signup.ParseCallback([]byte(body))
		require.Equal(t, "login callback", inputField(t, err), body)
		require.NotContains(t, err.Error(), "secret", "the error shows no part of the code")
	}
	for _, body := range []string{`{"code":"AQB secret"}`, `{"code":"AQBsecret\n"}`, `{"authResponse":{"code":"AQB secret"}}`} {
		_, err := signup.ParseCallback([]byte(body))
		require.Equal(t, "code", inputField(t, err), body)
		require.NotContains(t, err.Error(), "secret")
	}
}

func FuzzParseCallback(f *testing.F) {
	for _, seed := range []string{
		`{"authResponse":{"code":"AQB"},"status":"connected"}`, `{"authResponse":{"accessToken":"EAA"}}`, `{"authResponse":null}`, `[]`, ``, `{"authResponse":{"code":1}}`,
		`{"code":"AQB"}`, `{"code":"AQB","authResponse":{"code":"AQB"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		callback, err := signup.ParseCallback(body)
		if err != nil {
			require.ErrorIs(t, err, graph.ErrInput)
			return
		}
		require.NotEqual(t, callback.Code.IsZero(), callback.AccessToken.IsZero(), "exactly one of the two")
		_, err = json.Marshal(callback)
		require.Error(t, err)
		require.NotContains(t, fmt.Sprintf("%#v %+v", callback, callback), "0x")
	})
}
