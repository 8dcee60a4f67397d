/**
 * The links of a call between the filters of users and its connection: redirects, retries, credentials, cookies, the
 * cache, what is learned from replies, turns at a host. Each does its part and has the next one do the rest; what it
 * remembers of a call it keeps in variables. It stands on the room of connections, and the client's API stands on it.
 *
 * <p>Read first: {@link dev.heddle.http.internal.client.chain.CallChain}, {@link
 * dev.heddle.http.internal.client.chain.CallFilter}, {@link dev.heddle.http.internal.client.chain.RedirectFilter}.
 */
@NullMarked
package dev.heddle.http.internal.client.chain;

import org.jspecify.annotations.NullMarked;
