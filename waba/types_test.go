package waba_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Every version that Meta serves knows the default fields.
func TestDefaultFields_EveryVersion(t *testing.T) {
	for _, version := range []string{"v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"} {
		server := graphtest.New(t)
		accounts := waba.New(server.Client(graph.WithVersion(version)))
		require.Len(t, sdktest.Collect(t, accounts.Clients(server.World().Business, waba.Query{})), 4, version)
		require.Len(t, sdktest.Collect(t, accounts.SystemUsers(server.World().Business, waba.UserQuery{})), 2, version)
		_, err := accounts.Get(t.Context(), server.World().ClientWABAs[0])
		require.NoError(t, err, version)
	}
	require.Equal(t, graph.FieldsOf[waba.Account](), waba.DefaultFields(), "the type and its list go together")
}

// The accounts of Meta's pages: ids are strings or numbers, and fields can be
// missing, new, null or of another type than documented.
func TestAccount_WireForms(t *testing.T) {
	full := waba.Account{
		ID: "1029384756102938", Name: "Nordwind Reisen", Currency: "EUR", TimezoneID: "47", TemplateNamespace: "0a1b2c3d_4e5f",
		OwnerBusiness: graph.Business{ID: "556677889900", Name: "Nordwind GmbH"}, PrimaryFundingID: "889900112233",
		ReviewStatus: waba.ReviewApproved, VerificationStatus: waba.VerificationVerified, Status: "ACTIVE",
		OwnershipType: waba.OwnershipClientOwned, Country: "DE", CreationTime: graph.Time{Time: time.Unix(1718093441, 0).UTC()},
	}
	for name, tt := range map[string]struct {
		body string
		want waba.Account
	}{
		"documented": {`{"id":"1029384756102938","name":"Nordwind Reisen","currency":"EUR","country":"DE","status":"ACTIVE","timezone_id":"47",
			"account_review_status":"APPROVED","business_verification_status":"verified","ownership_type":"CLIENT_OWNED",
			"creation_time":1718093441,"primary_funding_id":"889900112233","message_template_namespace":"0a1b2c3d_4e5f",
			"owner_business_info":{"name":"Nordwind GmbH","id":"556677889900"},
			"health_status":{"can_send_message":"AVAILABLE","entities":[{"entity_type":"WABA","id":"1029384756102938","can_send_message":"AVAILABLE"}]}}`, full},
		"numbers for texts": {`{"id":1029384756102938,"name":"Nordwind Reisen","currency":"EUR","country":"DE","status":"ACTIVE","timezone_id":"47",
			"account_review_status":"APPROVED","business_verification_status":"verified","ownership_type":"CLIENT_OWNED",
			"creation_time":"1718093441","primary_funding_id":889900112233,"message_template_namespace":"0a1b2c3d_4e5f",
			"owner_business_info":{"name":"Nordwind GmbH","id":556677889900}}`, full},
		"an id beyond 2^53":     {`{"id":98765432109876543}`, waba.Account{ID: "98765432109876543"}},
		"the default fields":    {`{"id":"1029384756102938","name":"A","currency":"USD","timezone_id":"1","message_template_namespace":"n"}`, waba.Account{ID: "1029384756102938", Name: "A", Currency: "USD", TimezoneID: "1", TemplateNamespace: "n"}},
		"nothing pays":          {`{"id":"1029384756102938","primary_funding_id":null}`, waba.Account{ID: "1029384756102938"}},
		"nulls":                 {`{"id":"1029384756102938","name":null,"owner_business_info":null,"creation_time":null,"account_review_status":null}`, waba.Account{ID: "1029384756102938"}},
		"unknown values":        {`{"id":"1029384756102938","account_review_status":"LIMIT_REACHED","business_verification_status":"VERIFIED","ownership_type":"SELF_OWNED","status":"NEW"}`, waba.Account{ID: "1029384756102938", ReviewStatus: "LIMIT_REACHED", VerificationStatus: "VERIFIED", OwnershipType: "SELF_OWNED", Status: "NEW"}},
		"a time as text":        {`{"id":"1029384756102938","creation_time":"2024-06-11T08:10:41+0000"}`, waba.Account{ID: "1029384756102938", CreationTime: full.CreationTime}},
		"escaped as PHP does":   {`{"id":"1029384756102938","name":"Nordwind F\u00e4hren \/ Inseln"}`, waba.Account{ID: "1029384756102938", Name: "Nordwind Fähren / Inseln"}},
		"fields we do not know": {`{"id":"1029384756102938","whatsapp_business_manager_messaging_limit":"TIER_50","new":{"a":[1,2]}}`, waba.Account{ID: "1029384756102938"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sdktest.Answering(t, waba.New, tt.body).Get(t.Context(), tt.want.ID)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	require.True(t, waba.VerificationStatus("VERIFIED").Is(waba.VerificationVerified))
	require.False(t, waba.VerificationStatus("").Is(waba.VerificationVerified))

	for name, body := range map[string]string{
		"cut off": `{"id":"1"`, "a list": `[{"id":"1"}]`, "an id that is an object": `{"id":{}}`, "an id that is a fraction": `{"id":1.5}`,
		"an id in exponents": `{"id":1e15}`, "an owner that is a text": `{"owner_business_info":"x"}`, "empty": ``, "null": `null`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sdktest.Answering(t, waba.New, body).Get(t.Context(), "1")
			require.ErrorIs(t, err, graph.ErrBadResponse)
			require.Zero(t, got)
		})
	}
}

// Other companies' apps can be subscribed too: a program looks for its own id.
func TestSubscription_WireForms(t *testing.T) {
	got := sdktest.Collect(t, sdktest.Answering(t, waba.New, `{"data":[
		{"whatsapp_business_api_data":{"id":"670843887433847","link":"https://www.facebook.com/games/?app_id=670843887433847","name":"BSP app"},
		 "override_callback_uri":"https://hooks.example/7"},
		{"whatsapp_business_api_data":{"id":111222333444555,"name":"A dashboard of the client's"}},
		{"whatsapp_business_api_data":null,"new":true}]}`).Subscriptions("1"))
	require.Equal(t, []waba.Subscription{
		{App: waba.App{ID: "670843887433847", Name: "BSP app", Link: "https://www.facebook.com/games/?app_id=670843887433847"}, OverrideCallback: "https://hooks.example/7"},
		{App: waba.App{ID: "111222333444555", Name: "A dashboard of the client's"}},
		{},
	}, got)
	require.Empty(t, sdktest.Collect(t, sdktest.Answering(t, waba.New, `{"data":[]}`).Subscriptions("1")))
	require.ErrorIs(t, sdktest.Failure(t, sdktest.Answering(t, waba.New, `{"data":{"0":{}}}`).Subscriptions("1")), graph.ErrBadResponse)
}

// Some of Meta's pages show assigned users with tasks, others with a business and
// a type.
func TestUser_WireForms(t *testing.T) {
	got := sdktest.Collect(t, sdktest.Answering(t, waba.New, `{"data":[
		{"id":"1972555232742222","name":"sys-user-nordwind","tasks":["MANAGE"]},
		{"id":1972555232742223,"name":"Ada","business":{"id":556677889900,"name":"Nordwind GmbH"},"user_type":"BUSINESS_USER"},
		{"id":"3","tasks":["MANAGE","A_NEW_TASK"],"user_type":"A_NEW_TYPE"},
		{"id":"4","tasks":null}],"paging":{"cursors":{"before":"a","after":"b"}}}`).Users("1", "2", waba.UserQuery{}))
	require.Equal(t, []waba.User{
		{ID: "1972555232742222", Name: "sys-user-nordwind", Tasks: []waba.Task{waba.TaskManage}},
		{ID: "1972555232742223", Name: "Ada", Business: graph.Business{ID: "556677889900", Name: "Nordwind GmbH"}, Type: waba.UserTypeBusiness},
		{ID: "3", Tasks: []waba.Task{"MANAGE", "A_NEW_TASK"}, Type: "A_NEW_TYPE"},
		{ID: "4"},
	}, got)

	users := sdktest.Collect(t, sdktest.Answering(t, waba.New, `{"data":[{"id":"1","name":"a","role":"Admin"},{"id":2,"name":"b","role":"EMPLOYEE"},{"id":"3","role":"FINANCE_EDITOR"}]}`).SystemUsers("1", waba.UserQuery{}))
	require.Equal(t, []waba.SystemUser{{ID: "1", Name: "a", Role: "Admin"}, {ID: "2", Name: "b", Role: "EMPLOYEE"}, {ID: "3", Role: "FINANCE_EDITOR"}}, users)
	require.True(t, users[0].Role.Is(waba.RoleAdmin))
}
