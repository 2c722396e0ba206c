package sdktest_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
)

func TestFindSecrets_FindsEveryForm(t *testing.T) {
	const token = "EAAcanary/token+of&<tests>"
	secret := graph.NewSecret(token)
	inside, err := json.Marshal("say " + token)
	require.NoError(t, err)
	for name, text := range map[string]string{
		"unchanged": "token " + token + ".", "query": "?" + url.Values{"t": {token}}.Encode(), "path": "/" + url.PathEscape(token),
		"escaped twice": url.QueryEscape(url.QueryEscape(token)), "HTML": html.EscapeString(token), "quoted": fmt.Sprintf("%+q", token),
		"JSON of PHP": `{"t":"` + strings.ReplaceAll(token, "/", `\/`) + `"}`, "JSON of Go": string(inside),
		"hex": fmt.Sprintf("%x", token), "HEX": fmt.Sprintf("%X", token), "hex with blanks": fmt.Sprintf("% x", token),
		"bytes": fmt.Sprint([]byte("<" + token + ">")), "backwards": ">stset<&fo+nekot/yranacAAE",
		"Base64 at 0": base64.StdEncoding.EncodeToString([]byte(token + "??")), "Base64 at 1": base64.StdEncoding.EncodeToString([]byte("1" + token + "??")),
		"Base64 at 2": base64.StdEncoding.EncodeToString([]byte("12" + token)), "Base64 for URLs": base64.URLEncoding.EncodeToString([]byte("123" + token)),
		"Base64 at 100": base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 100) + token + "and more")),
	} {
		if name == "backwards" {
			runes := []rune(token)
			for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
				runes[i], runes[j] = runes[j], runes[i]
			}
			text = string(runes)
		}
		require.NotEmpty(t, sdktest.FindSecrets(text, secret), name)
		require.ErrorContains(t, sdktest.Leak([]byte(text), graph.NewSecret("another secret"), secret), "secret 1, of 26 characters", name)
	}
	require.Empty(t, sdktest.FindSecrets("a text about EAAcanary and no more", secret))
	require.NoError(t, sdktest.Leak([]byte("a text about EAAcanary and no more"), secret, graph.Secret{}))
}

func TestFindSecrets_FindsPartsOfLongSecrets(t *testing.T) {
	secret := graph.NewSecret("EAAcanary-0123456789-0123456789-0123456789-end")
	require.NotEmpty(t, sdktest.FindSecrets("EAAcanary-0123456789-0...", secret))
	require.NotEmpty(t, sdktest.FindSecrets("...456789-0123456789-end", secret))
	require.Empty(t, sdktest.FindSecrets("EAAcanary-...", secret))
}

func TestFindSecrets_DigitsOfANumberAreNotAPIN(t *testing.T) {
	pin := graph.NewSecret("150954")
	require.NotEmpty(t, sdktest.FindSecrets(`"pin":"150954"`, pin))
	require.NotEmpty(t, sdktest.FindSecrets("1150954 150954", pin))
	require.Empty(t, sdktest.FindSecrets("102150954340398", pin), "digits of an id")
	require.Empty(t, sdktest.FindSecrets("Wait:53.150954ms", pin), "digits of a duration")
	require.NotEmpty(t, sdktest.FindSecrets("the PIN.150954", pin), "a dot that ends a word")
	require.NotEmpty(t, sdktest.FindSecrets(".150954", pin), "a dot at the beginning")
}

func TestFindSecrets_ShortAndEmptySecrets(t *testing.T) {
	require.NotEmpty(t, sdktest.FindSecrets("say abc", graph.NewSecret("abc")))
	require.Empty(t, sdktest.FindSecrets("say ab", graph.NewSecret("abc")))
	require.Empty(t, sdktest.FindSecrets("any text", graph.Secret{}))
	require.Empty(t, sdktest.FindSecrets("", graph.NewSecret("150954")))
}

func TestSecretSearch_RequireNone(t *testing.T) {
	var search sdktest.SecretSearch
	secret := graph.NewSecret(sdktest.Token)
	search.RequireNone(t, "nothing", secret)
	sdktest.RequireNoSecret(t, "nothing", secret)
	require.Len(t, search.Find("a "+sdktest.Token+" and a "+sdktest.Token, secret), 2)
}
