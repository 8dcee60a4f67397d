/**
 * What a client knows of a call before it has a connection: the request as it goes to one server, the options of the
 * client and of the call, the deadline, the failures, the trace. What the user hands over with state of its own, a
 * cookie jar or a limiter, is here as an interface. It stands on the codecs and the cache, and on the values of the
 * client's API, such as timeouts and credentials.
 *
 * <p>Read first: {@link dev.heddle.http.internal.client.call.RequestHop}, {@link
 * dev.heddle.http.internal.client.call.ClientOptions}, {@link dev.heddle.http.internal.client.call.CallDeadline}.
 */
@NullMarked
package dev.heddle.http.internal.client.call;

import org.jspecify.annotations.NullMarked;
