package promises_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// secretScanner finds secrets in texts, in each form in which a secret can be
// written. Simulators have the same secrets again, so the forms are kept.
type secretScanner struct {
	mu    sync.Mutex
	forms map[string][]string
}

func newSecretScanner() *secretScanner { return &secretScanner{forms: map[string][]string{}} }

// find returns the places of a text that show a secret, each with some text
// around it. There are hundreds of forms and megabytes of text, so the text is
// read once: at each place, only the forms that begin with the same six bytes are
// compared.
func (c *secretScanner) find(text string, secrets ...graph.Secret) []string {
	var begins [1 << 16]bool
	forms := map[[prefixLength]byte][]string{}
	for _, secret := range secrets {
		for _, form := range c.of(secret.Reveal()) {
			first := [prefixLength]byte([]byte(form))
			forms[first] = append(forms[first], form)
			begins[int(form[0])<<8|int(form[1])] = true
		}
	}
	var found []string
	for i := range len(text) - prefixLength + 1 {
		if !begins[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		for _, form := range forms[[prefixLength]byte([]byte(text[i:i+prefixLength]))] {
			if strings.HasPrefix(text[i:], form) && !isPartOfNumber(text, i, form) {
				found = append(found, fmt.Sprintf("%q", text[max(i-40, 0):min(i+len(form)+10, len(text))]))
			}
		}
	}
	return found
}

// prefixLength is the length of the shortest secret, a PIN.
const prefixLength = 6

// require fails the test if the text shows a secret.
func (c *secretScanner) require(t testing.TB, text string, secrets ...graph.Secret) {
	t.Helper()
	require.Empty(t, c.find(text, secrets...), "a secret shows")
}

func (c *secretScanner) of(secret string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forms[secret] == nil {
		c.forms[secret] = formsOf(secret)
	}
	return c.forms[secret]
}

// formsOf returns the ways in which a secret can be written: unchanged, as in a
// URL, as in JSON of Meta and of Go, in HTML, quoted, in Base64 at each of the
// three offsets, in hex, as a list of bytes, backwards, and the first and last
// part of a long secret.
func formsOf(secret string) []string {
	quoted, _ := json.Marshal(secret) // a string is always marshalled
	backwards := []rune(secret)
	slices.Reverse(backwards)
	forms := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), url.QueryEscape(url.QueryEscape(secret)),
		strings.ReplaceAll(secret, "/", `\/`), strings.Trim(string(quoted), `"`), strings.Trim(fmt.Sprintf("%+q", secret), `"`),
		html.EscapeString(secret), hex.EncodeToString([]byte(secret)), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret),
		strings.Trim(fmt.Sprint([]byte(secret)), "[]"), string(backwards),
	}
	if len(secret) >= 2*partLength { // the half of a long secret is too much
		forms = append(forms, secret[:partLength], secret[len(secret)-partLength:])
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			forms = append(forms, inBase64(encoding, secret, before))
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// partLength is how much of a long secret must not show.
const partLength = 20

// inBase64 returns the part of an encoded text that does not depend on the text
// around the secret, if that many bytes stand before the secret.
func inBase64(encoding *base64.Encoding, secret string, before int) string {
	encoded := encoding.EncodeToString([]byte(strings.Repeat("-", before) + secret))
	first := (before*8 + 5) / 6
	last := (before + len(secret)) * 8 / 6
	return encoded[first:last]
}

// isPartOfNumber reports whether a form is digits inside a longer number, such as
// an id or the fraction of a duration. Those digits are not a PIN.
func isPartOfNumber(text string, at int, form string) bool {
	if strings.Trim(form, "0123456789") != "" {
		return false
	}
	fraction := at >= 2 && text[at-1] == '.' && isDigitAt(text, at-2)
	return fraction || isDigitAt(text, at-1) || isDigitAt(text, at+len(form))
}

func isDigitAt(text string, i int) bool {
	return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9'
}

// TestSecretSearchFindsEveryForm shows that the other tests do not pass because
// the search finds nothing.
func TestSecretSearchFindsEveryForm(t *testing.T) {
	scanner := newSecretScanner()
	const token = "EAAcanary/token+of&<tests>"
	secret := graph.NewSecret(token)
	inside, _ := json.Marshal("say " + token)
	for name, text := range map[string]string{
		"plain": "token " + token + ".", "query": "?" + url.Values{"t": {token}}.Encode(), "path": "/" + url.PathEscape(token),
		"PHP's JSON": `{"t":"` + strings.ReplaceAll(token, "/", `\/`) + `"}`, "Go's JSON": string(inside),
		"hex": fmt.Sprintf("%x", token), "bytes": fmt.Sprint([]byte("<" + token + ">")), "backwards": ">stset<&fo+nekot/yranacAAE",
		"at 0": base64.StdEncoding.EncodeToString([]byte(token + "??")), "at 1": base64.StdEncoding.EncodeToString([]byte("1" + token + "??")),
		"at 2": base64.StdEncoding.EncodeToString([]byte("12" + token)), "at 3, for URLs": base64.URLEncoding.EncodeToString([]byte("123" + token)),
		"at 100": base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 100) + token + "and more")),
	} {
		require.NotEmpty(t, scanner.find(text, secret), name)
	}
	require.Empty(t, scanner.find("a text about nothing, of EAAcanary", secret))

	pin := graph.NewSecret("150954")
	require.NotEmpty(t, scanner.find(`"pin":"150954"`, pin))
	require.NotEmpty(t, scanner.find("1150954 150954", pin))
	require.Empty(t, scanner.find("102150954340398", pin), "digits of an id are not a PIN")
	require.Empty(t, scanner.find("Wait:53.150954ms", pin), "digits of a duration are not a PIN")
	require.NotEmpty(t, scanner.find("the PIN.150954", pin))
}
