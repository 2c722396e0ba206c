package matrix_test

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

	"github.com/seed-8fdceacd/wagraph"
)

// canary knows the forms in which a secret can stand in a text. Secrets recur
// from one simulator to the next, so their forms are kept.
type canary struct {
	mu    sync.Mutex
	forms map[string][]string
}

func newCanary() *canary { return &canary{forms: map[string][]string{}} }

// find returns the secrets that a text gives away, each as a piece of the text.
// There are hundreds of forms and megabytes of text, so the text is walked once:
// at each place only the forms are compared that begin with its six bytes.
func (c *canary) find(text string, secrets ...wagraph.Secret) []string {
	var begins [1 << 16]bool
	forms := map[[sixBytes]byte][]string{}
	for _, secret := range secrets {
		for _, form := range c.of(secret.Reveal()) {
			first := [sixBytes]byte([]byte(form))
			forms[first] = append(forms[first], form)
			begins[int(form[0])<<8|int(form[1])] = true
		}
	}
	var found []string
	for i := range len(text) - sixBytes + 1 {
		if !begins[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		for _, form := range forms[[sixBytes]byte([]byte(text[i:i+sixBytes]))] {
			if strings.HasPrefix(text[i:], form) && !isChance(text, i, form) {
				found = append(found, fmt.Sprintf("%q", text[max(i-40, 0):min(i+len(form)+10, len(text))]))
			}
		}
	}
	return found
}

// sixBytes is the length of the shortest secret, a PIN.
const sixBytes = 6

// require fails the test if the text gives a secret away.
func (c *canary) require(t testing.TB, text string, secrets ...wagraph.Secret) {
	t.Helper()
	require.Empty(t, c.find(text, secrets...), "a secret shows")
}

func (c *canary) of(secret string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forms[secret] == nil {
		c.forms[secret] = formsOf(secret)
	}
	return c.forms[secret]
}

// formsOf lists how a secret may be written: as it is, as it stands in a URL, in
// JSON of Meta's and of Go's, in HTML, quoted, in Base64 at each of the three
// offsets, in hex, as a list of bytes, backwards, and the ends of a long one.
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
	if len(secret) >= 2*piece { // one that was cut short is half given away
		forms = append(forms, secret[:piece], secret[len(secret)-piece:])
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			forms = append(forms, inBase64(encoding, secret, before))
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// piece is how much of a long secret is too much.
const piece = 20

// inBase64 is what of an encoded text does not depend on what stands around the
// secret, when that begins behind so many bytes.
func inBase64(encoding *base64.Encoding, secret string, before int) string {
	encoded := encoding.EncodeToString([]byte(strings.Repeat("-", before) + secret))
	first := (before*8 + 5) / 6
	last := (before + len(secret)) * 8 / 6
	return encoded[first:last]
}

// isChance tells digits inside a longer number, such as an id, which are no PIN.
func isChance(text string, at int, form string) bool {
	return strings.Trim(form, "0123456789") == "" && (digitAt(text, at-1) || digitAt(text, at+len(form)))
}

func digitAt(text string, i int) bool {
	return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9'
}

// TestTheCanarySings keeps the search from passing because it finds nothing.
func TestTheCanarySings(t *testing.T) {
	c := newCanary()
	const token = "EAAcanary/token+of&<tests>"
	secret := wagraph.NewSecret(token)
	inside, _ := json.Marshal("say " + token)
	for name, text := range map[string]string{
		"plain": "token " + token + ".", "query": "?" + url.Values{"t": {token}}.Encode(), "path": "/" + url.PathEscape(token),
		"PHP's JSON": `{"t":"` + strings.ReplaceAll(token, "/", `\/`) + `"}`, "Go's JSON": string(inside),
		"hex": fmt.Sprintf("%x", token), "bytes": fmt.Sprint([]byte("<" + token + ">")), "backwards": ">stset<&fo+nekot/yranacAAE",
		"at 0": base64.StdEncoding.EncodeToString([]byte(token + "??")), "at 1": base64.StdEncoding.EncodeToString([]byte("1" + token + "??")),
		"at 2": base64.StdEncoding.EncodeToString([]byte("12" + token)), "at 3, for URLs": base64.URLEncoding.EncodeToString([]byte("123" + token)),
		"at 100": base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 100) + token + "and more")),
	} {
		require.NotEmpty(t, c.find(text, secret), name)
	}
	require.Empty(t, c.find("a text about nothing, of EAAcanary", secret))

	pin := wagraph.NewSecret("150954")
	require.NotEmpty(t, c.find(`"pin":"150954"`, pin))
	require.NotEmpty(t, c.find("1150954 150954", pin))
	require.Empty(t, c.find("102150954340398", pin), "an id is no PIN")
}
