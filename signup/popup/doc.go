// Package popup is the browser's side of Embedded Signup: the options that open the
// popup ([LaunchOptions]), the events that it posts ([ParseEvent]), and the sessions
// that tie both to a tenant ([Sessions], [Join]).
package popup
