package phonenumbers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

// Every version that Meta serves knows the default fields.
func TestDefaultFields_EveryVersion(t *testing.T) {
	for _, version := range []string{"v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"} {
		server := graphtest.New(t)
		numbers := phonenumbers.New(server.Client(graph.WithVersion(version)))
		_, err := numbers.Get(t.Context(), server.World().Certified)
		require.NoError(t, err, version)
	}
	require.Equal(t, graph.FieldsOf[phonenumbers.Number](), phonenumbers.DefaultFields(), "the type and its list go together")
}

// The numbers of Meta's pages, and the forms in which their fields vary.
func TestNumber_WireForms(t *testing.T) {
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
				LastOnboarded: graph.Time{Time: time.Date(2026, 3, 2, 9, 14, 11, 0, time.UTC)},
				NameStatus:    phonenumbers.NameApproved, Certificate: "CmIKHgi=", NewNameStatus: phonenumbers.NamePending,
				Status: phonenumbers.StatusConnected, AccountMode: "LIVE",
			}},
		"the id is a number": {`{"id":1081726354433221}`, phonenumbers.Number{ID: "1081726354433221"}},
		"a time in Unix seconds": {`{"id":"1","last_onboarded_time":1772442851}`, phonenumbers.Number{
			ID: "1", LastOnboarded: graph.Time{Time: time.Unix(1772442851, 0).UTC()}}},
		"a time in RFC 3339": {`{"id":"1","last_onboarded_time":"2026-03-02T09:14:11Z"}`, phonenumbers.Number{
			ID: "1", LastOnboarded: graph.Time{Time: time.Date(2026, 3, 2, 9, 14, 11, 0, time.UTC)}}},
		"bare digits": {`{"id":"1","display_phone_number":"15555555555"}`, phonenumbers.Number{ID: "1", DisplayPhoneNumber: "15555555555"}},
		"old fields":  {`{"id":"1","verified_name":"A","code_verification_status":"NOT_VERIFIED","display_phone_number":"x","quality_rating":"NA"}`, phonenumbers.Number{ID: "1", VerifiedName: "A", CodeVerification: phonenumbers.CodeNotVerified, DisplayPhoneNumber: "x", QualityRating: phonenumbers.QualityNone}},
		"new values":  {`{"id":"1","status":"LINKED","name_status":"NEW","platform_type":"MOON","quality_rating":"BLUE","code_verification_status":"UNVERIFIED"}`, phonenumbers.Number{ID: "1", Status: "LINKED", NameStatus: "NEW", Platform: "MOON", QualityRating: "BLUE", CodeVerification: "UNVERIFIED"}},
		"nulls":       {`{"id":"1","certificate":null,"new_certificate":null,"last_onboarded_time":null,"is_on_biz_app":null,"status":null}`, phonenumbers.Number{ID: "1"}},
		"coexistence": {`{"id":"1","is_on_biz_app":true,"platform_type":"CLOUD_API"}`, phonenumbers.Number{ID: "1", OnBusinessApp: true, Platform: phonenumbers.PlatformCloud}},
		"new fields":  {`{"id":"1","username":"","smb_new":{"a":1}}`, phonenumbers.Number{ID: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sdktest.Answering(t, phonenumbers.New, tt.body).Get(t.Context(), tt.want.ID)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			list := sdktest.Collect(t, sdktest.Answering(t, phonenumbers.New, `{"data":[`+tt.body+`],"paging":{"cursors":{"before":"QVFI","after":"QVFJ"}}}`).List("1", phonenumbers.Query{}))
			require.Equal(t, []phonenumbers.Number{tt.want}, list)
		})
	}
	require.Len(t, sdktest.Collect(t, sdktest.Answering(t, phonenumbers.New, `[{"code_verification_status":"VERIFIED","id":"1"}]`).List("1", phonenumbers.Query{})), 1, "as one guide prints it")

	for _, body := range []string{`{"id":"1"`, `[{"id":"1"}]`, `{"id":true}`, `{"last_onboarded_time":"yesterday"}`, `{"certificate":7}`, ``, `null`} {
		got, err := sdktest.Answering(t, phonenumbers.New, body).Get(t.Context(), "1")
		require.ErrorIs(t, err, graph.ErrBadResponse, body)
		require.Zero(t, got)
	}
}

func TestDigits(t *testing.T) {
	for number, want := range map[string]string{
		"+49 30 5550100": "49305550100", "+1 631-555-5555": "16315555555", "15555555555": "15555555555", "": "", "+": "",
		"(0) 30/555": "030555", "٤٩": "",
	} {
		require.Equal(t, want, phonenumbers.Digits(number))
		require.Equal(t, want, phonenumbers.Number{DisplayPhoneNumber: number}.Digits())
	}
}

// Only a connected number can send.
func TestNumber_CanSend(t *testing.T) {
	for _, status := range []phonenumbers.Status{
		"", phonenumbers.StatusPending, phonenumbers.StatusDisconnected, phonenumbers.StatusRestricted, phonenumbers.StatusFlagged,
		phonenumbers.StatusRateLimited, phonenumbers.StatusBanned, phonenumbers.StatusDeleted, phonenumbers.StatusMigrated,
		phonenumbers.StatusUnverified, phonenumbers.StatusUnknown, "NEW",
	} {
		require.False(t, phonenumbers.Number{Status: status}.CanSend(), status)
	}
	require.True(t, phonenumbers.Number{Status: phonenumbers.StatusConnected}.CanSend())
}
