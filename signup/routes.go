package signup

// The calls of this package, as Graph names them below the version.
const (
	routeToken      = "/oauth/access_token"
	routeDebugToken = "/debug_token"
	// routeBusinessToken has the client's business in it, not the partner's.
	routeBusinessToken = "/{business-id}/system_user_access_tokens"
)
