package phonenumbers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

// The numbers of Meta's pages, and how they are seen to vary.
func TestNumberOnTheWire(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		want phonenumbers.Number
	}{
		"documented": {`{"id":"1081726354433221","display_phone_number":"+49 30 5550100","verified_name":"Nordwind Reisen",
			"code_verification_status":"VERIFIED","quality_rating":"GREEN","platform_type":"CLOUD_API","throughput":{"level":"STANDARD"},
			"last_onboarded_time":"2026-03-02T09:14:11+0000","webhook_configuration":{"application":"https://bsp.example/wh"},
			"name_status":"APPROVED","certificate":"CmIKHgi=","new_name_status":"PENDING_REVIEW","status":"CONNECTED","account_mode":"LIVE","is_on_biz_app":false}`,
			phonenumbers.Number{
				ID: "1081726354433221", DisplayPhoneNumber: "+49 30 5550100", VerifiedName: "Nordwind Reisen",
				CodeVerification: phonenumbers.CodeVerified, QualityRating: phonenumbers.QualityGreen, Platform: phonenumbers.PlatformCloud,
				LastOnboarded: wagraph.Time{Time: time.Date(2026, 3, 2, 9, 14, 11, 0, time.UTC)},
				NameStatus:    phonenumbers.NameApproved, Certificate: "CmIKHgi=", NewNameStatus: phonenumbers.NamePending,
				Status: phonenumbers.StatusConnected, AccountMode: "LIVE",
			}},
		"the id is a number": {`{"id":1081726354433221}`, phonenumbers.Number{ID: "1081726354433221"}},
		"a time in Unix seconds": {`{"id":"1","last_onboarded_time":1772442851}`, phonenumbers.Number{
			ID: "1", LastOnboarded: wagraph.Time{Time: time.Unix(1772442851, 0).UTC()}}},
		"a time in RFC 3339": {`{"id":"1","last_onboarded_time":"2026-03-02T09:14:11Z"}`, phonenumbers.Number{
			ID: "1", LastOnboarded: wagraph.Time{Time: time.Date(2026, 3, 2, 9, 14, 11, 0, time.UTC)}}},
		"bare digits": {`{"id":"1","display_phone_number":"15555555555"}`, phonenumbers.Number{ID: "1", DisplayPhoneNumber: "15555555555"}},
		"old fields":  {`{"id":"1","verified_name":"A","code_verification_status":"NOT_VERIFIED","display_phone_number":"x","quality_rating":"NA"}`, phonenumbers.Number{ID: "1", VerifiedName: "A", CodeVerification: phonenumbers.CodeNotVerified, DisplayPhoneNumber: "x", QualityRating: phonenumbers.QualityNone}},
		"new values":  {`{"id":"1","status":"LINKED","name_status":"NEW","platform_type":"MOON","quality_rating":"BLUE","code_verification_status":"UNVERIFIED"}`, phonenumbers.Number{ID: "1", Status: "LINKED", NameStatus: "NEW", Platform: "MOON", QualityRating: "BLUE", CodeVerification: "UNVERIFIED"}},
		"nulls":       {`{"id":"1","certificate":null,"new_certificate":null,"last_onboarded_time":null,"is_on_biz_app":null,"status":null}`, phonenumbers.Number{ID: "1"}},
		"coexistence": {`{"id":"1","is_on_biz_app":true,"platform_type":"CLOUD_API"}`, phonenumbers.Number{ID: "1", OnBusinessApp: true, Platform: phonenumbers.PlatformCloud}},
		"new fields":  {`{"id":"1","username":"","smb_new":{"a":1}}`, phonenumbers.Number{ID: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := answering(t, tt.body).Get(t.Context(), "1081726354433221")
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			list := collect(t, answering(t, `{"data":[`+tt.body+`],"paging":{"cursors":{"before":"QVFI","after":"QVFJ"}}}`).List("1", phonenumbers.Query{}))
			require.Equal(t, []phonenumbers.Number{tt.want}, list)
		})
	}
	require.Len(t, collect(t, answering(t, `[{"code_verification_status":"VERIFIED","id":"1"}]`).List("1", phonenumbers.Query{})), 1, "as one guide prints it")

	for _, body := range []string{`{"id":"1"`, `[{"id":"1"}]`, `{"id":true}`, `{"last_onboarded_time":"yesterday"}`, `{"certificate":7}`, ``, `null`} {
		got, err := answering(t, body).Get(t.Context(), "1")
		require.ErrorIs(t, err, wagraph.ErrBadResponse, body)
		require.Zero(t, got)
	}
}

// A registration succeeded in whatever words Meta says so. What cannot be read
// may have been one.
func TestRegisterOnTheWire(t *testing.T) {
	for _, body := range []string{`{"success":true}`, `{"success":"true"}`, `true`, `{}`, `{"success":true,"new":1}`} {
		require.NoError(t, answering(t, body).Register(t.Context(), "1", pin), body)
		require.NoError(t, answering(t, body).Deregister(t.Context(), "1"), body)
	}
	for _, body := range []string{`{"success":false}`, `{"success":"false"}`, `false`} {
		require.ErrorIs(t, answering(t, body).Register(t.Context(), "1", pin), wagraph.ErrUnclassified, body)
	}
	for _, body := range []string{``, `null`, `<html>`, `{"success":"maybe"}`, `7`, `{"success":true`} {
		require.ErrorIs(t, answering(t, body).Register(t.Context(), "1", pin), wagraph.ErrOutcomeUnknown, body)
	}
}
