package sdktest

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

// SecretSearch finds secrets in text, in every form in which they can stand
// there. It keeps the forms of the secrets that it has seen, because the same
// ones are searched for again and again. Its zero value can be used, and by
// several goroutines.
type SecretSearch struct {
	mu    sync.Mutex
	forms map[string][]string
}

// FindSecrets returns the places of a text that give one of the secrets away.
func FindSecrets(text string, secrets ...graph.Secret) []string {
	return new(SecretSearch).Find(text, secrets...)
}

// RequireNoSecret fails the test if the text gives one of the secrets away.
func RequireNoSecret(t testing.TB, text string, secrets ...graph.Secret) {
	t.Helper()
	new(SecretSearch).RequireNone(t, text, secrets...)
}

// Leak returns an error that names the first of the secrets that the data
// gives away, by its place in the list. It does not show the secret, so that a
// process may print it.
func Leak(data []byte, secrets ...graph.Secret) error {
	text := string(data)
	for i, secret := range secrets {
		if len(FindSecrets(text, secret)) > 0 {
			return fmt.Errorf("secret %d, of %d characters, is readable", i, len(secret.Reveal()))
		}
	}
	return nil
}

// RequireNone fails the test if the text gives one of the secrets away.
func (s *SecretSearch) RequireNone(t testing.TB, text string, secrets ...graph.Secret) {
	t.Helper()
	require.Empty(t, s.Find(text, secrets...), "a secret shows")
}

// prefixLength is how many bytes of a form are looked up at each place of a
// text. The shortest secret, a PIN, is as long.
const prefixLength = 6

// Find returns the places of a text that give one of the secrets away, each
// with some text around it. An empty secret is not searched for. There are
// hundreds of forms and megabytes of text, so that it reads the text once: at
// each place it compares only the forms that begin with the same six bytes.
func (s *SecretSearch) Find(text string, secrets ...graph.Secret) []string {
	var begins [1 << 16]bool
	forms := map[[prefixLength]byte][]string{}
	var found []string
	for _, secret := range secrets {
		if secret.IsZero() {
			continue
		}
		for _, form := range s.formsOf(secret.Reveal()) {
			if len(form) < prefixLength {
				if at := strings.Index(text, form); at >= 0 {
					found = append(found, excerpt(text, at, form))
				}
				continue
			}
			prefix := [prefixLength]byte([]byte(form))
			forms[prefix] = append(forms[prefix], form)
			begins[int(form[0])<<8|int(form[1])] = true
		}
	}
	for i := range len(text) - prefixLength + 1 {
		if !begins[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		for _, form := range forms[[prefixLength]byte([]byte(text[i:i+prefixLength]))] {
			if strings.HasPrefix(text[i:], form) && !isPartOfNumber(text, i, form) {
				found = append(found, excerpt(text, i, form))
			}
		}
	}
	return found
}

func excerpt(text string, at int, form string) string {
	return fmt.Sprintf("%q", text[max(at-40, 0):min(at+len(form)+10, len(text))])
}

func (s *SecretSearch) formsOf(secret string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forms == nil {
		s.forms = map[string][]string{}
	}
	if s.forms[secret] == nil {
		s.forms[secret] = formsOf(secret)
	}
	return s.forms[secret]
}

// formsOf returns the forms in which a secret can be written: unchanged, as in
// a URL, as in JSON of PHP and of Go, in HTML, quoted, in Base64 at each of the
// three offsets, in hex, as a list of bytes, backwards, and the first and last
// part of a long one.
func formsOf(secret string) []string {
	quoted, _ := json.Marshal(secret) // a string can always be marshalled
	backwards := []rune(secret)
	slices.Reverse(backwards)
	forms := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), url.QueryEscape(url.QueryEscape(secret)),
		strings.ReplaceAll(secret, "/", `\/`), strings.Trim(string(quoted), `"`), strings.Trim(fmt.Sprintf("%+q", secret), `"`),
		html.EscapeString(secret), hex.EncodeToString([]byte(secret)), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret),
		strings.Trim(fmt.Sprint([]byte(secret)), "[]"), string(backwards),
	}
	if len(secret) >= 2*partLength { // half of a secret is too much already
		forms = append(forms, secret[:partLength], secret[len(secret)-partLength:])
	}
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			if form := inBase64(encoding, secret, before); len(form) >= prefixLength {
				forms = append(forms, form)
			}
		}
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// partLength is how much of a long secret must not show.
const partLength = 20

// inBase64 returns the part of an encoded text that does not depend on its
// surroundings, if so many bytes stand before the secret.
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
