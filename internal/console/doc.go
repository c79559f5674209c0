// Package console is what people see of Turnwise in a browser, below /console/.
//
//	/console/sign-in                        with a token
//	/console/a/{account}/                   overview
//	/console/a/{account}/jobs               and …/{job}
//	/console/a/{account}/conversations      and …/{conversation}
//	/console/a/{account}/lanes
//	/console/a/{account}/webhooks           and …/endpoints, …/deliveries, …/resends, …/secrets
//	/console/a/{account}/settings           read-only
//
// Whoever signs in with a token of an account sees that account. The token of the
// operator opens all of them. What belongs to another account is answered like what
// does not exist.
//
// # Pages
//
// Pages are made here, by html/template, and work without a script. Where one is
// live, its script (htmx) follows a stream of server-sent events, each of which is
// the new content of a part of the page, or what is to be added to it. Package live
// reads what is watched once for all who do. Nothing is loaded from another host, and the
// policy of every page forbids it.
//
// # Sessions
//
// A session is a cookie that holds the token of whoever signed in, sealed. It is
// kept nowhere else, so every process that has the same key opens it, a restart ends
// none, and Redis is not asked. Since each request looks the token up, a session ends
// with its token: at once when that is taken out of the configuration or revoked. A
// forged cookie is worth no more than the token that it would have to hold.
//
// # Actions
//
// What changes anything is a POST. It is refused if it comes from a page of another
// origin, as the browser tells, and each one has a line in the log: who did what to
// what, and what came of it.
//
// The package knows neither Redis nor the JSON of the API. It calls the services that
// the API calls; what it needs of them it names in [Deps].
package console
