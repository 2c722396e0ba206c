package popup_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/popup"
)

var (
	sessionKey      = graph.NewSecret("a key of 32 bytes, for the tests")
	otherSessionKey = graph.NewSecret("another key of 32 bytes or more, for the tests")
)

func newSessions(tb testing.TB, opts popup.SessionOptions) *popup.Sessions {
	tb.Helper()
	sessions, err := popup.NewSessions(sessionKey, opts)
	require.NoError(tb, err)
	return sessions
}

func issue(tb testing.TB, sessions *popup.Sessions, tenant signup.Tenant) string {
	tb.Helper()
	token, err := sessions.Issue(tenant, popup.PurposeSignup)
	require.NoError(tb, err)
	return token
}

func TestSessions_Verify(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions := newSessions(t, popup.SessionOptions{})
		token := issue(t, sessions, "acme")
		want := popup.Session{Tenant: "acme", Purpose: popup.PurposeSignup, Expires: time.Now().Add(time.Hour).UTC()}

		session, err := sessions.Verify(token, "acme", popup.PurposeSignup)
		require.NoError(t, err)
		require.NotEmpty(t, session.ID)
		require.NotContains(t, token, session.ID)
		want.ID = session.ID
		require.Equal(t, want, session)
		_, err = sessions.Verify(session.ID, "acme", popup.PurposeSignup)
		require.ErrorIs(t, err, popup.ErrSessionInvalid, "the id is not a token")

		again, err := newSessions(t, popup.SessionOptions{}).Verify(token, "acme", popup.PurposeSignup)
		require.NoError(t, err)
		require.Equal(t, session, again, "also the second time, and in another process")
		other, err := sessions.Verify(issue(t, sessions, "acme"), "acme", popup.PurposeSignup)
		require.NoError(t, err)
		require.NotEqual(t, session.ID, other.ID, "the next session of the tenant is another one")
	})
}

func TestSessions_Verify_WrongTenant(t *testing.T) {
	sessions := newSessions(t, popup.SessionOptions{})
	token := issue(t, sessions, "acme")
	for _, wrong := range []struct {
		tenant  signup.Tenant
		purpose popup.Purpose
	}{
		{"mallory", popup.PurposeSignup}, {"acm", "esignup"}, {"acmes", "ignup"}, {"acme", "number"}, {"ACME", popup.PurposeSignup},
	} {
		session, err := sessions.Verify(token, wrong.tenant, wrong.purpose)
		require.ErrorIs(t, err, popup.ErrSessionInvalid)
		require.Equal(t, popup.Session{}, session)
	}
	_, err := sessions.Verify(token, "", popup.PurposeSignup)
	require.ErrorIs(t, err, graph.ErrInput)
	_, err = sessions.Verify(token, "acme", "")
	require.ErrorIs(t, err, graph.ErrInput)
}

func TestSessions_Verify_Expired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sessions := newSessions(t, popup.SessionOptions{Life: 10 * time.Minute})
		early, late := issue(t, sessions, "acme"), issue(t, sessions, "acme")
		time.Sleep(10*time.Minute - time.Millisecond)
		_, err := sessions.Verify(early, "acme", popup.PurposeSignup)
		require.NoError(t, err)
		time.Sleep(time.Millisecond)
		for _, token := range []string{early, late} {
			_, err = sessions.Verify(token, "acme", popup.PurposeSignup)
			require.ErrorIs(t, err, popup.ErrSessionExpired)
			_, err = sessions.Verify(token, "mallory", popup.PurposeSignup)
			require.ErrorIs(t, err, popup.ErrSessionInvalid, "another tenant does not learn that the token was valid")
		}
	})
}

func TestSessions_Verify_ChangedToken(t *testing.T) {
	sessions := newSessions(t, popup.SessionOptions{})
	token := issue(t, sessions, "acme")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	require.NoError(t, err)
	for i := range raw {
		changed := append([]byte(nil), raw...)
		changed[i] ^= 1
		_, err := sessions.Verify(base64.RawURLEncoding.EncodeToString(changed), "acme", popup.PurposeSignup)
		require.ErrorIs(t, err, popup.ErrSessionInvalid, "byte %d", i)
	}
	for _, other := range []string{"", "x", token + "A", token[:len(token)-1], token + "=", token + "\n", " " + token, strings.Repeat("A", len(token))} {
		_, err := sessions.Verify(other, "acme", popup.PurposeSignup)
		require.ErrorIs(t, err, popup.ErrSessionInvalid, "%q", other)
	}
}

func TestSessions_OldKeys(t *testing.T) {
	before := newSessions(t, popup.SessionOptions{})
	token := issue(t, before, "acme")
	after, err := popup.NewSessions(otherSessionKey, popup.SessionOptions{OldKeys: []graph.Secret{sessionKey}})
	require.NoError(t, err)
	_, err = after.Verify(token, "acme", popup.PurposeSignup)
	require.NoError(t, err)
	_, err = before.Verify(issue(t, after, "acme"), "acme", popup.PurposeSignup)
	require.ErrorIs(t, err, popup.ErrSessionInvalid, "the newest key signs")
}

func TestNewSessions_BadArguments(t *testing.T) {
	for field, refused := range map[string]func() error{
		"session key": func() error {
			_, err := popup.NewSessions(graph.NewSecret("short"), popup.SessionOptions{})
			return err
		},
		"session life": func() error { _, err := popup.NewSessions(sessionKey, popup.SessionOptions{Life: -1}); return err },
		"tenant": func() error {
			_, err := newSessions(t, popup.SessionOptions{}).Issue("", popup.PurposeSignup)
			return err
		},
		"purpose": func() error { _, err := newSessions(t, popup.SessionOptions{}).Issue("acme", ""); return err },
	} {
		err := refused()
		require.Equal(t, field, inputFieldOf(t, err))
		require.NotContains(t, err.Error(), "short")
	}
	_, err := popup.NewSessions(sessionKey, popup.SessionOptions{OldKeys: []graph.Secret{{}}})
	require.Equal(t, "session key", inputFieldOf(t, err))
}

func FuzzSessions_Verify(f *testing.F) {
	f.Add("acme", "signup", "acme", "signup", "AAAA", uint16(0), byte(1))
	f.Add("acme", "signup", "acm", "esignup", "", uint16(40), byte(0))
	f.Add("", "signup", "mallory", "", "=\n", uint16(74), byte(0x20))
	f.Add("acme", "signup", "mallory", "signup", strings.Repeat("_", 75), uint16(1000), byte(3))
	f.Fuzz(func(t *testing.T, tenant, purpose, otherTenant, otherPurpose, text string, at uint16, flip byte) {
		sessions := newSessions(t, popup.SessionOptions{})
		_, err := sessions.Verify(text, signup.Tenant(tenant), popup.Purpose(purpose))
		require.Error(t, err, "a token that was not issued is refused")

		token, err := sessions.Issue(signup.Tenant(tenant), popup.Purpose(purpose))
		if tenant == "" || purpose == "" {
			require.ErrorIs(t, err, graph.ErrInput)
			return
		}
		require.NoError(t, err)
		changed := []byte(token)
		changed[int(at)%len(changed)] ^= flip
		if string(changed) != token {
			_, err = sessions.Verify(string(changed), signup.Tenant(tenant), popup.Purpose(purpose))
			require.ErrorIs(t, err, popup.ErrSessionInvalid)
		}
		if otherTenant != tenant || otherPurpose != purpose {
			_, err = sessions.Verify(token, signup.Tenant(otherTenant), popup.Purpose(otherPurpose))
			require.Error(t, err)
		}
		for range 2 {
			_, err = sessions.Verify(token, signup.Tenant(tenant), popup.Purpose(purpose))
			require.NoError(t, err)
		}
	})
}

func TestSessions_NotMadeByNew(t *testing.T) {
	for name, sessions := range map[string]*popup.Sessions{"nil": nil, "zero": {}} {
		_, err := sessions.Issue("acme", popup.PurposeSignup)
		require.Equal(t, "sessions", inputFieldOf(t, err), name)
		_, err = sessions.Verify("token", "acme", popup.PurposeSignup)
		require.Equal(t, "sessions", inputFieldOf(t, err), name)
		require.ErrorContains(t, err, "popup.NewSessions", name)
	}
}
