package signup

// The calls of this package, as Graph names them below the version.
const (
	routeToken      = "/oauth/access_token"
	routeDebugToken = "/debug_token"
)
