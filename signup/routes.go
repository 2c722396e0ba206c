package signup

// The routes of this package's calls, without the version.
const (
	routeToken      = "/oauth/access_token"
	routeDebugToken = "/debug_token"
	// The id is the customer's business, not the partner's.
	routeBusinessToken = "/{business-id}/system_user_access_tokens"
)
