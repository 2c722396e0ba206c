package phonenumbers_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
)

const (
	postRegister   = "POST /{phone-number-id}/register"
	postDeregister = "POST /{phone-number-id}/deregister"
)

var pin = graph.NewSecret("012345") // a number would lose the leading zero

// Registering connects a number and sets its PIN. Deregistering disconnects it.
func TestClient_Register(t *testing.T) {
	server, _, admin := sdktest.Start(t, phonenumbers.New)
	done, client := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{Numbers: 2})
	for i, numbers := range []*phonenumbers.Client{admin, client} {
		id := done.Numbers[i]
		before, err := numbers.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, phonenumbers.StatusPending, before.Status)
		require.False(t, before.CanSend())

		require.NoError(t, numbers.Register(t.Context(), id, pin))
		after, err := numbers.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, phonenumbers.StatusConnected, after.Status)
		require.True(t, after.CanSend())
		truth, _ := server.Number(id)
		require.True(t, truth.PINSet)

		require.NoError(t, numbers.Register(t.Context(), id, pin), "again with the same PIN")
		require.ErrorIs(t, numbers.Register(t.Context(), id, graph.NewSecret("123456")), graph.Code(133005))
		require.Equal(t, 3, server.Registrations(id))

		require.NoError(t, numbers.Deregister(t.Context(), id))
		after, err = numbers.Get(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, phonenumbers.StatusDisconnected, after.Status)
		require.ErrorIs(t, numbers.Deregister(t.Context(), id), graph.Code(2207051), "it is not registered")
	}
	for _, call := range server.Calls() {
		if call.Method+" "+call.Route == postRegister {
			require.Equal(t, "whatsapp", call.Form.Get("messaging_product"))
			require.Equal(t, []string{"[redacted]"}, call.Form["pin"])
			require.False(t, call.Query.Has("pin"))
		}
	}
}

// The refusals that Meta documents, each with its code. None of them is repeated.
func TestClient_RegisterErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		set  func(*testing.T, *graphtest.Server, graph.PhoneNumberID)
		code int
		kind graph.Kind
	}{
		"the PIN is another": {func(t *testing.T, s *graphtest.Server, id graph.PhoneNumberID) {
			require.NoError(t, s.SetPIN(id, graph.NewSecret("999999")))
		}, 133005, graph.ErrInvalid},
		"verified too long ago": {func(t *testing.T, s *graphtest.Server, id graph.PhoneNumberID) {
			require.NoError(t, s.ExpireVerification(id))
		}, 133006, graph.ErrInvalid},
		"an account that is restricted": {func(t *testing.T, s *graphtest.Server, id graph.PhoneNumberID) {
			n, _ := s.Number(id)
			require.NoError(t, s.SetReview(n.WABA, "REJECTED", ""))
		}, 131031, graph.ErrAccountState},
		"a number that is gone": {func(t *testing.T, s *graphtest.Server, id graph.PhoneNumberID) {
			require.NoError(t, s.DeleteNumber(id))
		}, 33, graph.ErrNotFound},
		"the PIN was tried too often": {func(t *testing.T, s *graphtest.Server, _ graph.PhoneNumberID) {
			s.Fail(postRegister, 133008, 0)
		}, 133008, graph.ErrWait},
		"the PIN was tried too soon": {func(t *testing.T, s *graphtest.Server, _ graph.PhoneNumberID) {
			s.Fail(postRegister, 133009, 0)
		}, 133009, graph.ErrWait},
		"deleted a moment ago": {func(t *testing.T, s *graphtest.Server, _ graph.PhoneNumberID) {
			s.Fail(postRegister, 133015, 0)
		}, 133015, graph.ErrWait},
		"the number as a subcode": {func(t *testing.T, s *graphtest.Server, _ graph.PhoneNumberID) {
			s.Fail(postRegister, 100, 133006)
		}, 133006, graph.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			server, _, numbers := sdktest.Start(t, phonenumbers.New)
			done, _ := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{})
			tt.set(t, server, done.Numbers[0])
			err := numbers.Register(t.Context(), done.Numbers[0], pin)
			require.ErrorIs(t, err, graph.Code(tt.code))
			require.ErrorIs(t, err, tt.kind)
			require.NotContains(t, err.Error(), pin.Reveal())
			require.Len(t, server.Calls(), 1)
		})
	}
}

// Meta allows ten registrations and deregistrations within 72 hours. The next one
// locks the number, and each further try locks it again. The client makes no try
// of its own.
func TestClient_RegisterIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _, numbers := sdktest.Start(t, phonenumbers.New)
		done, _ := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{})
		id := done.Numbers[0]
		for range 5 {
			require.NoError(t, numbers.Register(t.Context(), id, pin))
			require.NoError(t, numbers.Deregister(t.Context(), id))
		}
		for range 2 {
			err := numbers.Register(t.Context(), id, pin)
			require.ErrorIs(t, err, graph.Code(133016))
			require.ErrorIs(t, err, graph.ErrWait)
		}
		require.ErrorIs(t, numbers.Deregister(t.Context(), id), graph.ErrWait)
		require.Len(t, server.Calls(), 13)
		time.Sleep(73 * time.Hour) // synthetic time
		require.NoError(t, numbers.Register(t.Context(), id, pin))
	})
}

// Both calls are sent once after every failure. If the outcome is unknown the error
// says so, and the status of the number shows what happened.
func TestClient_RegisterIsSentOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		fault   graphtest.Fault
		kind    graph.Kind
		arrived bool
	}{
		"the answer is lost":    {graphtest.Fault{LoseReply: true}, graph.ErrOutcomeUnknown, true},
		"the answer is cut off": {graphtest.Fault{CutBody: 5}, graph.ErrOutcomeUnknown, true},
		"a lost connection":     {graphtest.Fault{ResetBefore: true}, graph.ErrOutcomeUnknown, false},
		"a gateway's 502":       {graphtest.Fault{After: true, Status: 502, Body: []byte("<html>")}, graph.ErrOutcomeUnknown, true},
		"Meta's code 2":         {graphtest.Fault{Code: 2, Transient: true}, graph.ErrOutcomeUnknown, false},
		"Meta's 133004":         {graphtest.Fault{Code: 133004}, graph.ErrOutcomeUnknown, false},
		"a throttle":            {graphtest.Fault{Code: 80008, RegainAfter: time.Minute}, graph.ErrThrottled, false},
		"a redirect":            {graphtest.Fault{Redirect: "https://evil.example/"}, graph.ErrBadResponse, false},
		"success:false":         {graphtest.Fault{Body: []byte(`{"success":false}`)}, graph.ErrUnclassified, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, _, numbers := sdktest.Start(t, phonenumbers.New)
				done, _ := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{})
				id := done.Numbers[0]
				server.Times(postRegister, 9, tt.fault)
				err := numbers.Register(t.Context(), id, pin)
				require.Equal(t, tt.kind, graph.KindOf(err), err)
				require.Len(t, server.Calls(), 1)
				require.Equal(t, tt.arrived, server.Registrations(id) == 1)
				if tt.arrived {
					n, err := numbers.Get(t.Context(), id)
					require.NoError(t, err)
					require.Equal(t, phonenumbers.StatusConnected, n.Status)
				}

				server.Times(postDeregister, 9, tt.fault)
				before := len(server.Calls())
				require.Equal(t, tt.kind, graph.KindOf(numbers.Deregister(t.Context(), id)))
				require.Len(t, server.Calls(), before+1)
			})
		})
	}
}

// A context that ends during the call leaves the outcome unknown too.
func TestClient_RegisterWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _, numbers := sdktest.Start(t, phonenumbers.New)
		done, _ := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{})
		server.Once(postRegister, graphtest.Fault{Delay: time.Minute, After: true})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := numbers.Register(ctx, done.Numbers[0], pin)
		require.Equal(t, graph.ErrOutcomeUnknown, graph.KindOf(err))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 1, server.Registrations(done.Numbers[0]))
	})
}

// A number of the Business app is registered already and must not be registered.
func TestClient_RegisterCoexistenceNumber(t *testing.T) {
	server, _, numbers := sdktest.Start(t, phonenumbers.New)
	done, _ := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{Variant: graphtest.Coexistence})
	n, err := numbers.Get(t.Context(), done.Numbers[0])
	require.NoError(t, err)
	require.True(t, bool(n.OnBusinessApp))
	require.Equal(t, []phonenumbers.Block{phonenumbers.BlockCoexistence}, n.Readiness().Blocks)
	require.ErrorIs(t, numbers.Register(t.Context(), done.Numbers[0], pin), graph.ErrInvalid)
	require.ErrorIs(t, numbers.Deregister(t.Context(), done.Numbers[0]), graph.ErrInvalid)
	require.Zero(t, server.Registrations(done.Numbers[0]))
}

// The token needs both WhatsApp permissions, and an employee needs the task too.
func TestClient_TokensThatMayRegister(t *testing.T) {
	server, w, _ := sdktest.Start(t, phonenumbers.New)
	done, _ := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{Drift: graphtest.MessagingOnly})
	require.ErrorIs(t, sdktest.As(server, phonenumbers.New, done.AccessToken).Register(t.Context(), done.Numbers[0], pin), graph.ErrPermission)
	employee := sdktest.As(server, phonenumbers.New, w.Employee.Token)
	require.ErrorIs(t, employee.Register(t.Context(), done.Numbers[0], pin), graph.ErrNotFound)
	admin := waba.New(server.Client())
	require.NoError(t, admin.Assign(t.Context(), done.WABAs[0], w.Employee.ID, waba.TaskViewCost))
	require.ErrorIs(t, employee.Register(t.Context(), done.Numbers[0], pin), graph.ErrPermission)
	require.ErrorIs(t, employee.Deregister(t.Context(), done.Numbers[0]), graph.ErrPermission)
	require.NoError(t, admin.Assign(t.Context(), done.WABAs[0], w.Employee.ID, waba.TaskManagePhone))
	require.NoError(t, employee.Register(t.Context(), done.Numbers[0], pin))
}

func TestClient_RegisterBadInput(t *testing.T) {
	server, w, numbers := sdktest.Start(t, phonenumbers.New)
	ctx := t.Context()
	for _, text := range []string{"", "12345", "1234567", "12345a", "12 456", "１２３４５６", "-12345", "1.2345"} {
		err := numbers.Register(ctx, w.Pending, graph.NewSecret(text))
		sdktest.RequireRefused(t, server, err, "pin")
		if text != "" {
			require.NotContains(t, err.Error(), text)
		}
	}
	sdktest.RequireRefused(t, server, numbers.Register(ctx, "", pin), "phone-number-id")
	sdktest.RequireRefused(t, server, numbers.Register(ctx, "12a", pin), "phone-number-id")
	sdktest.RequireRefused(t, server, numbers.Deregister(ctx, ""), "phone-number-id")
}

// A registration succeeded if Meta says so in any of its forms. An answer that
// cannot be read leaves the outcome unknown.
func TestClient_RegisterAnswers(t *testing.T) {
	for _, body := range []string{`{"success":true}`, `{"success":"true"}`, `true`, `{}`, `{"success":true,"new":1}`} {
		require.NoError(t, sdktest.Answering(t, phonenumbers.New, body).Register(t.Context(), "1", pin), body)
		require.NoError(t, sdktest.Answering(t, phonenumbers.New, body).Deregister(t.Context(), "1"), body)
	}
	for _, body := range []string{`{"success":false}`, `{"success":"false"}`, `false`} {
		require.ErrorIs(t, sdktest.Answering(t, phonenumbers.New, body).Register(t.Context(), "1", pin), graph.ErrUnclassified, body)
	}
	for _, body := range []string{``, `null`, `<html>`, `{"success":"maybe"}`, `7`, `{"success":true`} {
		require.ErrorIs(t, sdktest.Answering(t, phonenumbers.New, body).Register(t.Context(), "1", pin), graph.ErrOutcomeUnknown, body)
	}
}

func TestCheckPIN(t *testing.T) {
	require.NoError(t, phonenumbers.CheckPIN(pin))
	for _, text := range []string{"", "01234", "0123456", "01234x", "０１２３４５"} {
		err := phonenumbers.CheckPIN(graph.NewSecret(text))
		sdktest.RequireInputError(t, err, "pin")
		if text != "" {
			require.NotContains(t, err.Error(), text)
		}
	}
}

// A PIN can be set before and after the registration, and needs no earlier one.
func TestClient_SetPIN(t *testing.T) {
	server, _, _ := sdktest.Start(t, phonenumbers.New)
	done, client := sdktest.Signup(t, server, phonenumbers.New, graphtest.SignupOptions{})
	id := done.Numbers[0]
	require.NoError(t, client.SetPIN(t.Context(), id, pin))
	require.ErrorIs(t, client.Register(t.Context(), id, graph.NewSecret("123456")), graph.Code(133005))
	require.NoError(t, client.Register(t.Context(), id, pin))
	require.NoError(t, client.SetPIN(t.Context(), id, graph.NewSecret("000001")))
	require.NoError(t, client.Register(t.Context(), id, graph.NewSecret("000001")))
	calls := len(server.Calls())
	for _, text := range []string{"", "12345", "1234567", "12345a"} {
		require.ErrorIs(t, client.SetPIN(t.Context(), id, graph.NewSecret(text)), graph.ErrInput)
	}
	require.ErrorIs(t, client.SetPIN(t.Context(), "", pin), graph.ErrInput)
	require.Len(t, server.Calls(), calls)
}
